"""The only file that tells one Saleor version from another: names that moved."""

from __future__ import annotations

try:  # 3.22 and later
    from saleor.graphql.core.context import ChannelContext
except ImportError:  # 3.21
    from saleor.graphql.channel import ChannelContext

__all__ = ["ChannelContext"]
