from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from saleor.graphql.views import GraphQLView
from saleor.plugins import views

urlpatterns = [
    path("graphql/", csrf_exempt(GraphQLView.as_view()), name="api"),
    re_path(
        r"^plugins/channel/(?P<channel_slug>[.0-9A-Za-z_\-]+)/(?P<plugin_id>[.0-9A-Za-z_\-]+)/",
        views.handle_plugin_per_channel_webhook,
    ),
    re_path(
        r"^plugins/global/(?P<plugin_id>[.0-9A-Za-z_\-]+)/", views.handle_global_plugin_webhook
    ),
    re_path(r"^plugins/(?P<plugin_id>[.0-9A-Za-z_\-]+)/", views.handle_plugin_webhook),
]
