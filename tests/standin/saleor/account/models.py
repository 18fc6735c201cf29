from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property

from saleor.core.models import ModelWithMetadata


class Country(str):
    @property
    def code(self):
        return str(self)


class CountryField(models.CharField):
    """Two letters, with the `.code` that django-countries gives."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 2)
        super().__init__(**kwargs)

    def from_db_value(self, value, expression, connection):
        return value if value is None else Country(value)


class Address(ModelWithMetadata):
    first_name = models.CharField(max_length=256, blank=True)
    last_name = models.CharField(max_length=256, blank=True)
    street_address_1 = models.CharField(max_length=256, blank=True)
    city = models.CharField(max_length=256, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = CountryField()

    def __str__(self):
        return self.city


class Group(models.Model):
    name = models.CharField(max_length=150, unique=True)
    permissions = models.ManyToManyField("permission.Permission", blank=True)
    restricted_access_to_channels = models.BooleanField(default=False)
    channels = models.ManyToManyField("channel.Channel", blank=True)

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, is_staff=False, is_active=True, **fields):
        user = self.model(email=email.lower(), is_staff=is_staff, is_active=is_active, **fields)
        user.set_password(password)
        user.save()
        return user


class User(ModelWithMetadata, AbstractBaseUser):
    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=256, blank=True)
    last_name = models.CharField(max_length=256, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_confirmed = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    language_code = models.CharField(max_length=35, default="en")
    uuid = models.UUIDField(default=uuid4, unique=True)
    groups = models.ManyToManyField(Group, blank=True)

    USERNAME_FIELD = "email"
    objects = UserManager()

    def __str__(self):
        return self.email

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @cached_property
    def _codenames(self):
        return set(self.groups.values_list("permissions__codename", flat=True))

    def has_perm(self, perm, obj=None):
        if not (self.is_active and self.is_staff):
            return False
        codename = getattr(perm, "codename", None) or str(perm).split(".")[-1]
        return self.is_superuser or codename in self._codenames

    def has_perms(self, perm_list, obj=None):
        return all(self.has_perm(perm) for perm in perm_list)

    def accessible_channel_ids(self):
        """The channels this staff user is limited to; None for all."""
        if self.is_superuser or self.groups.filter(restricted_access_to_channels=False).exists():
            return None
        return set(self.groups.values_list("channels", flat=True)) - {None}
