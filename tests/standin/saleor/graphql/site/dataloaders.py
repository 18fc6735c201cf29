from django.contrib.sites.models import Site
from promise import Promise


def get_site_promise(request):
    return Promise.resolve(Site.objects.get_current())
