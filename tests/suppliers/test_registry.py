from __future__ import annotations

import pytest

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers import registry
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier


def test_the_sandbox_is_installed():
    assert "sandbox" in registry.adapter_names()
    assert registry.adapter_class("sandbox") is SandboxSupplier


@pytest.mark.parametrize("name", ["", "nonsense", "Sandbox", "sandbox:SandboxSupplier"])
def test_an_unknown_adapter_is_named_with_those_there_are(name):
    with pytest.raises(ConfigurationError, match="sandbox") as caught:
        registry.adapter_class(name)
    assert repr(name) in str(caught.value)
