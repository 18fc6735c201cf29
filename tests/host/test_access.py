"""Who asks over GraphQL, and which channels Saleor lets them see."""

from __future__ import annotations

import types
from contextlib import nullcontext

import pytest
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject
from saleor.core.exceptions import PermissionDenied
from saleor.graphql.core.mutations import BaseMutation
from saleor.permission.enums import OrderPermissions

from saleor_cdkeys.host.access import actor_of, channel_ids_of, has_permission, is_owner
from saleor_cdkeys.values import Actor
from tests.factories import make_app, make_channel, make_staff, make_user

MANAGE_ORDERS = OrderPermissions.MANAGE_ORDERS


def info_of(*, user=None, app=None):
    context = RequestFactory().post("/graphql/")
    context.user, context.app = SimpleLazyObject(lambda: user), app
    context.dataloaders, context.allow_replica = {}, True
    return types.SimpleNamespace(context=context)


@pytest.fixture
def channels(db):
    return [make_channel(slug) for slug in ("one", "two", "three")]


def test_an_app_and_staff_of_no_limit_see_all_channels(channels):
    assert channel_ids_of(info_of(app=make_app())) is None
    assert channel_ids_of(info_of(user=make_staff())) is None


def test_staff_limited_to_channels_see_those(channels):
    staff = make_staff(channels=channels[:2])

    assert channel_ids_of(info_of(user=staff)) == {channels[0].pk, channels[1].pk}


def test_staff_limited_to_no_channel_see_none(channels):
    assert channel_ids_of(info_of(user=make_staff(channels=[]))) == frozenset()


def test_customers_and_nobody_see_none(channels):
    assert channel_ids_of(info_of(user=make_user())) == frozenset()
    assert channel_ids_of(info_of()) == frozenset()


@pytest.mark.parametrize("limited_to", [None, [], [0], [0, 2], [0, 1, 2]], ids=str)
@pytest.mark.parametrize("more", ["nothing", "no limit", "one more"])
def test_saleor_lets_them_see_the_same(channels, limited_to, more):
    chosen = None if limited_to is None else [channels[index] for index in limited_to]
    user = make_staff(channels=chosen)
    if more != "nothing":
        others = make_staff(channels=None if more == "no limit" else [channels[1]])
        user.groups.add(*others.groups.all())

    visible = channel_ids_of(info_of(user=user))

    for channel in channels:
        is_seen = visible is None or channel.pk in visible
        with nullcontext() if is_seen else pytest.raises(PermissionDenied):
            BaseMutation.check_channel_permissions(info_of(user=user), [channel.pk])


def test_it_is_read_once_per_request(channels, django_assert_num_queries):
    info = info_of(user=make_staff(channels=channels[:1]))
    first = channel_ids_of(info)

    with django_assert_num_queries(0):
        assert channel_ids_of(info) == first


def test_permissions(db):
    orders, products = "order.manage_orders", "product.manage_products"

    assert has_permission(info_of(user=make_staff([orders])).context, MANAGE_ORDERS)
    assert has_permission(info_of(app=make_app([orders])).context, MANAGE_ORDERS)
    assert not has_permission(info_of(user=make_staff([products])).context, MANAGE_ORDERS)
    assert not has_permission(info_of(app=make_app()).context, MANAGE_ORDERS)
    assert not has_permission(info_of(user=make_user()).context, MANAGE_ORDERS)
    assert not has_permission(info_of().context, MANAGE_ORDERS)


def test_who_is_written_down(db):
    user, app = make_user(), make_app()

    assert actor_of(info_of(user=user).context, ip="::1") == Actor(user_id=user.pk, ip="::1")
    assert actor_of(info_of(app=app).context) == Actor(app_id=app.pk)
    assert actor_of(info_of().context) == Actor()


def test_who_owns_an_order(db):
    user = make_user()

    assert is_owner(info_of(user=user).context, user_id=user.pk)
    assert not is_owner(info_of(user=make_user("other@example.com")).context, user_id=user.pk)
    assert not is_owner(info_of(app=make_app()).context, user_id=user.pk)
    assert not is_owner(info_of(user=user).context, user_id=None)
    assert not is_owner(info_of().context, user_id=None)
