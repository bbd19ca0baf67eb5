"""The site's table of contents."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health
from config.language import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("workflows.urls")),
    path("", include("register.urls")),
    path("", include("notifications.urls")),
    path("", include("config.sign_in.urls")),
    path("language/", choose_language, name="set_language"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("admin/", admin.site.urls),
]
