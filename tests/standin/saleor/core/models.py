from django.db import models


class ModelWithMetadata(models.Model):
    private_metadata = models.JSONField(blank=True, default=dict)
    metadata = models.JSONField(blank=True, default=dict)

    class Meta:
        abstract = True
