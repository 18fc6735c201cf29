from django.db import models

from saleor.core.models import ModelWithMetadata


class ProductType(ModelWithMetadata):
    name = models.CharField(max_length=250)
    slug = models.SlugField(max_length=255, unique=True)
    kind = models.CharField(max_length=32, default="normal")
    has_variants = models.BooleanField(default=True)
    is_shipping_required = models.BooleanField(default=True)
    is_digital = models.BooleanField(default=False)

    def __str__(self):
        return self.name


class Product(ModelWithMetadata):
    product_type = models.ForeignKey(ProductType, related_name="products", on_delete=models.CASCADE)
    name = models.CharField(max_length=250)
    slug = models.SlugField(max_length=255, unique=True)

    def __str__(self):
        return self.name


class ProductChannelListing(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="channel_listings")
    channel = models.ForeignKey(
        "channel.Channel", related_name="product_listings", on_delete=models.CASCADE
    )
    is_published = models.BooleanField(default=False)
    visible_in_listings = models.BooleanField(default=False)
    available_for_purchase_at = models.DateTimeField(blank=True, null=True)
    currency = models.CharField(max_length=3)
    discounted_price_dirty = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.product} in {self.channel}"


class ProductVariant(ModelWithMetadata):
    sku = models.CharField(max_length=255, unique=True, null=True, blank=True)
    name = models.CharField(max_length=255, blank=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    track_inventory = models.BooleanField(default=True)
    is_preorder = models.BooleanField(default=False)
    quantity_limit_per_customer = models.IntegerField(blank=True, null=True)
    external_reference = models.CharField(max_length=250, unique=True, blank=True, null=True)

    def __str__(self):
        return self.name or self.sku or str(self.pk)

    def is_shipping_required(self):
        return self.product.product_type.is_shipping_required


class ProductVariantChannelListing(models.Model):
    variant = models.ForeignKey(
        ProductVariant, on_delete=models.CASCADE, related_name="channel_listings"
    )
    channel = models.ForeignKey(
        "channel.Channel", related_name="variant_listings", on_delete=models.CASCADE
    )
    currency = models.CharField(max_length=3)
    price_amount = models.DecimalField(max_digits=20, decimal_places=3, null=True)
    discounted_price_amount = models.DecimalField(max_digits=20, decimal_places=3, null=True)

    def __str__(self):
        return f"{self.variant} in {self.channel}"
