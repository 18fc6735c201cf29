"""Under which name and address a channel writes to its customers."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from saleor_cdkeys.channel_config import ChannelConfig
from saleor_cdkeys.postman import MailNotSetUp, split_sender, transport


def shop_name(*, config: ChannelConfig, default_sender: str) -> str:
    """What the customer knows the shop as: the channel's sender name, else the default sender's
    name, else the domain that mails come from. Empty where none of them is known.
    """
    name, address = split_sender(default_sender)
    domain = (config.sender_address or address).rpartition("@")[2]
    return config.sender_name or name or domain


def public_name(config: ChannelConfig) -> str:
    """The shop's name for a page: as in the mails, or empty."""
    if config.sender_name:
        return config.sender_name
    try:
        default_sender = transport().default_sender
    except MailNotSetUp:
        default_sender = ""
    return shop_name(config=config, default_sender=default_sender)


def sender_address(*, config: ChannelConfig, default_sender: str) -> str:
    """The address that mails of a channel come from. Raises MailNotSetUp where there is none."""
    address = config.sender_address or split_sender(default_sender)[1]
    try:
        validate_email(address)
    except ValidationError:
        raise MailNotSetUp(
            _(
                "No usable sender address is set. Set one in the plugin's configuration, in the "
                "channel's settings, or as DEFAULT_FROM_EMAIL."
            )
        ) from None
    return address
