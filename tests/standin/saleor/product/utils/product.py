from django.db.models import Q

from saleor.product.models import ProductChannelListing


def mark_products_in_channels_as_dirty(channel_to_product_ids, allow_replica=False):
    """Their discounted prices are to be worked out anew; a periodic task of Saleor's does it."""
    which = Q(pk__in=[])
    for channel_id, product_ids in channel_to_product_ids.items():
        which |= Q(channel_id=channel_id, product_id__in=product_ids)
    ProductChannelListing.objects.filter(which).update(discounted_price_dirty=True)
