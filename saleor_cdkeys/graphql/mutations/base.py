"""What all mutations share: our errors become Saleor's, ids are read, rows of channels guarded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from graphql.error import GraphQLError

from saleor_cdkeys.errors import CdKeysError, InvalidInput
from saleor_cdkeys.graphql import ids
from saleor_cdkeys.graphql.errors import errors_of
from saleor_cdkeys.host.access import sees_channel
from saleor_cdkeys.host.graphql import BaseMutation, PermissionDenied
from saleor_cdkeys.models import KeyOrder, Purchase


class CdKeyMutation(BaseMutation):
    """A mutation of ours."""

    class Meta:
        abstract = True

    #: Does the work, for ``info`` and the arguments; may raise any CdKeysError.
    perform: ClassVar[Callable[..., Any]]
    #: The service's name of a field → the name by which callers of this mutation know it.
    renamed: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def perform_mutation(cls, _root: Any, info: Any, /, **data: Any) -> Any:
        # Not as Saleor's ValidationError: that knows Saleor's own codes alone.
        try:
            return cls.perform(info, **data)
        except CdKeysError as error:
            return cls(errors=errors_of(error, renamed=cls.renamed))

    @classmethod
    def own_id(cls, global_id: str, type_name: str, *, field: str = "id") -> int:
        """The number behind a global id of one of our types. Raises InvalidInput."""
        return _checked(ids.own_id, global_id, type_name, field)

    @classmethod
    def host_id(cls, global_id: str, type_name: str, *, field: str) -> int:
        """The number behind a global id of one of Saleor's types. Raises InvalidInput."""
        return _checked(ids.host_id, global_id, type_name, field)

    @classmethod
    def check_channel(cls, info: Any, channel_id: int) -> None:
        """Raises Saleor's PermissionDenied unless who asks may see what belongs to that channel.

        Saleor's own check refuses everybody what belongs to a channel that is gone.
        """
        if not sees_channel(info, channel_id):
            raise PermissionDenied(_("You have no access to what belongs to this channel."))


def _checked(read: Callable[[str, str], int], global_id: str, type_name: str, field: str) -> int:
    try:
        return read(global_id, type_name)
    except GraphQLError as error:
        raise InvalidInput(str(error), field=field, code="graphql_error") from None


class KeyOrderMutation(CdKeyMutation):
    """A mutation of one key order, for staff of its channel."""

    class Meta:
        abstract = True

    @classmethod
    def key_order(cls, info: Any, global_id: str) -> KeyOrder:
        """The key order.

        Raises InvalidInput where there is none, Saleor's PermissionDenied where it is of a channel
        that who asks may not see.
        """
        pk = cls.own_id(global_id, "CdKeyOrder")
        key_order = KeyOrder.objects.filter(pk=pk).first()
        if key_order is None:
            raise InvalidInput(_("There is no such key order."), field="id", code="not_found")
        cls.check_channel(info, key_order.channel_id)
        return key_order


class PurchaseMutation(CdKeyMutation):
    """A mutation of one purchase, for staff of the channel of its key order."""

    class Meta:
        abstract = True

    @classmethod
    def purchase(cls, info: Any, global_id: str) -> Purchase:
        """The purchase. Raises as KeyOrderMutation.key_order does."""
        pk = cls.own_id(global_id, "CdKeyPurchase")
        purchase = Purchase.objects.select_related("key_order").filter(pk=pk).first()
        if purchase is None:
            raise InvalidInput(_("There is no such purchase."), field="id", code="not_found")
        cls.check_channel(info, purchase.key_order.channel_id)
        return purchase
