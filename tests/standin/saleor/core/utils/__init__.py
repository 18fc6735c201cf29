from urllib.parse import urljoin

from django.conf import settings


def build_absolute_uri(location, domain=None):
    return urljoin(f"https://{domain}/" if domain else settings.PUBLIC_URL, location)
