"""Settings with Saleor's names and meanings, from the same environment variables."""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from urllib.parse import unquote, urlsplit

DEBUG = os.environ.get("DEBUG", "True") == "True"
SECRET_KEY = os.environ.get("SECRET_KEY", "stand-in")
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "saleor.urls"
WSGI_APPLICATION = None
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
SITE_ID = 1
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://localhost:8000/")
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
AUTH_USER_MODEL = "account.User"
MEDIA_ROOT = ""
DATA_UPLOAD_MAX_MEMORY_SIZE = 2621440
STATIC_URL = "/static/"


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A directory (the socket's) is given as the query's host, as libpq takes it.
        "HOST": dict(p.split("=", 1) for p in parts.query.split("&") if p).get(
            "host", parts.hostname or ""
        ),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": int(os.environ.get("DB_CONN_MAX_AGE", "0")),
        "OPTIONS": {"pool": {"max_size": int(_pool)}} if _pool else {},
    }


DATABASE_CONNECTION_DEFAULT_NAME = "default"
DATABASE_CONNECTION_REPLICA_NAME = "replica"
# Connections that an asynchronous server shares among its requests; without, each makes its own.
_pool = os.environ.get("DB_POOL_SIZE", "")
_url = os.environ.get("DATABASE_URL", "postgres://saleor:saleor@localhost:5432/saleor")
DATABASES = {
    "default": _database(_url),
    "replica": {**_database(_url), "TEST": {"MIRROR": "default"}},
}

_cache = os.environ.get("CACHE_URL", "")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache,
    }
    if _cache
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sites",
    "django.contrib.auth",
    "django_celery_beat",
    "saleor.permission",
    "saleor.account",
    "saleor.app",
    "saleor.channel",
    "saleor.plugins",
    "saleor.product",
    "saleor.warehouse",
    "saleor.order",
    "saleor.payment",
    "saleor.site",
    "saleor.core",
]
PLUGINS: list[str] = []
for _entry in entry_points(group="saleor.plugins"):
    if _entry.name not in INSTALLED_APPS:
        INSTALLED_APPS.append(_entry.name)
        PLUGINS.append(_entry.value.replace(":", "."))
# The stage has no history: its tables are made as its models say.
MIGRATION_MODULES = dict.fromkeys(
    [
        "permission",
        "account",
        "app",
        "channel",
        "plugins",
        "product",
        "warehouse",
        "order",
        "payment",
        "site",
        "core",
        "sites",
    ]
)

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {},
    }
]

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
CELERY_TASK_ALWAYS_EAGER = not CELERY_BROKER_URL
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_BACKEND = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"


def _mail(url: str) -> dict[str, str | bool]:
    parts = urlsplit(url)
    if not parts.hostname:
        return {}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": str(parts.port or 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "submission" or "tls=True" in parts.query,
        "EMAIL_USE_SSL": parts.scheme == "smtps" or "ssl=True" in parts.query,
    }


_django_mail = _mail(os.environ.get("EMAIL_URL", ""))
EMAIL_BACKEND = str(_django_mail.get("EMAIL_BACKEND", ""))
EMAIL_HOST = str(_django_mail.get("EMAIL_HOST", ""))
EMAIL_PORT = str(_django_mail.get("EMAIL_PORT", ""))
EMAIL_HOST_USER = str(_django_mail.get("EMAIL_HOST_USER", ""))
EMAIL_HOST_PASSWORD = str(_django_mail.get("EMAIL_HOST_PASSWORD", ""))
EMAIL_USE_TLS = bool(_django_mail.get("EMAIL_USE_TLS", False))
EMAIL_USE_SSL = bool(_django_mail.get("EMAIL_USE_SSL", False))
_user_mail = _mail(os.environ.get("USER_EMAIL_URL", ""))
USER_EMAIL_HOST = str(_user_mail.get("EMAIL_HOST", ""))
USER_EMAIL_PORT = str(_user_mail.get("EMAIL_PORT", ""))
USER_EMAIL_HOST_USER = str(_user_mail.get("EMAIL_HOST_USER", ""))
USER_EMAIL_HOST_PASSWORD = str(_user_mail.get("EMAIL_HOST_PASSWORD", ""))
USER_EMAIL_USE_TLS = bool(_user_mail.get("EMAIL_USE_TLS", False))
USER_EMAIL_USE_SSL = bool(_user_mail.get("EMAIL_USE_SSL", False))
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "noreply@example.com")

GRAPHQL_PAGINATION_LIMIT = 100
GRAPHQL_QUERY_MAX_COMPLEXITY = 50000
GRAPHENE = {"SCHEMA": "saleor.graphql.api.schema", "MIDDLEWARE": []}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "INFO", "handlers": ["console"]},
}
