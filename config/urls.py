"""The site's table of contents."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health
from config.language import choose_language
from config.own_data import own_file, own_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("workflows.urls")),
    path("", include("register.urls")),
    path("", include("notifications.urls")),
    path("", include("config.sign_in.urls")),
    path("access/me/", own_page, name="own-data"),
    path("access/me/file/", own_file, name="own-file"),
    path("language/", choose_language, name="set_language"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("admin/", admin.site.urls),
]
