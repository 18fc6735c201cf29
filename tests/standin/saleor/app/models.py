import hashlib
import secrets
from uuid import uuid4

from django.db import models
from django.utils.functional import cached_property

from saleor.core.models import ModelWithMetadata


class App(ModelWithMetadata):
    uuid = models.UUIDField(unique=True, default=uuid4)
    name = models.CharField(max_length=60)
    identifier = models.CharField(max_length=256, blank=True)
    is_active = models.BooleanField(default=True)
    is_installed = models.BooleanField(default=True)
    removed_at = models.DateTimeField(blank=True, null=True)
    type = models.CharField(max_length=60, default="local")
    permissions = models.ManyToManyField("permission.Permission", blank=True)

    def __str__(self):
        return self.name

    @cached_property
    def _codenames(self):
        return set(self.permissions.values_list("codename", flat=True))

    def has_perm(self, perm):
        codename = getattr(perm, "codename", None) or str(perm).split(".")[-1]
        return self.is_active and codename in self._codenames

    def has_perms(self, perm_list):
        return all(self.has_perm(perm) for perm in perm_list)


class AppTokenManager(models.Manager):
    def create(self, *, app, name="", auth_token=None, **extra_fields):
        raw = auth_token or secrets.token_urlsafe(24)
        token = super().create(
            app=app, name=name, auth_token=digest(raw), token_last_4=raw[-4:], **extra_fields
        )
        return token, raw


def digest(raw):
    return hashlib.sha256(raw.encode()).hexdigest()


class AppToken(models.Model):
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(blank=True, default="", max_length=128)
    auth_token = models.CharField(unique=True, max_length=128)
    token_last_4 = models.CharField(max_length=4)
    objects = AppTokenManager()

    def __str__(self):
        return self.name
