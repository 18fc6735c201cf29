(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const status = document.getElementById("status");
  let hidden = null;

  const say = (text) => {
    status.textContent = "";
    window.setTimeout(() => { status.textContent = text; }, 50);
  };

  const swap = (fresh) => {
    const old = document.querySelector("main");
    old.replaceWith(fresh);
    const target = fresh.querySelector("[data-focus]");
    if (target) {
      target.focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
    }
    return old;
  };

  const setBusy = (form, busy) => {
    const button = form.querySelector("button[type=submit]");
    button.disabled = busy;
    button.setAttribute("aria-busy", String(busy));
  };

  const submit = async (form) => {
    setBusy(form, true);
    const problem = form.parentElement.querySelector("[data-problem]");
    problem.hidden = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "text/html" },
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
      });
      // Its styles and script are these, but carry another nonce: leave them out.
      const part = (await answer.text()).match(/<main>[^]*<\/main>/);
      if (!part) throw new Error("no page in the answer");
      const main = new DOMParser().parseFromString(part[0], "text/html").querySelector("main");
      hidden = swap(document.adoptNode(main));
      setBusy(form, false);
    } catch {
      setBusy(form, false);
      problem.hidden = false;
    }
  };

  const write = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not over https, or not allowed: the old way.
      const area = document.createElement("textarea");
      area.value = text;
      area.readOnly = true;
      area.className = "offscreen";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  const linesOf = (product) => [...product.querySelectorAll("[data-code]")].map((code) =>
    (code.dataset.name ? `${code.dataset.name}: ` : "") + code.textContent);

  const everything = () => [...document.querySelectorAll("[data-product]")]
    .filter((product) => product.querySelector("[data-code]"))
    .map((product) => [product.querySelector("h2").textContent, ...linesOf(product)].join("\n"))
    .join("\n\n");

  const copy = async (button) => {
    const row = button.closest("[data-row]");
    const text = row ? row.querySelector("[data-code]").textContent : everything();
    if (!(await write(text))) return;
    const label = button.querySelector("span");
    const before = label.textContent;
    if (before !== button.dataset.done) {
      label.textContent = button.dataset.done;
      button.classList.add("done");
      window.setTimeout(() => {
        label.textContent = before;
        button.classList.remove("done");
      }, 2000);
    }
    say(button.dataset.done);
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-swap]")) return;
    event.preventDefault();
    submit(event.target);
  });
  document.addEventListener("click", (event) => {
    const guide = event.target.closest(".help a");
    if (guide) {
      // Keys that are shown would be hidden again after going there and back.
      guide.target = "_blank";
      guide.rel = "noopener noreferrer";
    }
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-copy]")) copy(button);
    if (button.matches("[data-hide]")) {
      if (hidden && hidden.querySelector("form[data-swap]")) swap(hidden);
      else window.location.assign(button.dataset.hide);
    }
  });
})();
