"""Files that come with a GraphQL request."""

from __future__ import annotations

from typing import Any


def uploaded_file(context: Any, upload: Any) -> Any:
    """The file behind an Upload variable, as Django gives it; None where the request lacks it.

    Saleor gives a mutation only the name of the request's part that the file stands in.
    """
    return context.FILES.get(upload) if isinstance(upload, str) else None
