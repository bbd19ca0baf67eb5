from django.urls import URLPattern, path

from notifications import views

app_name = "notifications"
urlpatterns: list[URLPattern] = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read-all"),
    path("inbox/<uuid:public_id>/", views.open_message, name="open"),
    path("outbox/", views.outbox_list, name="outbox"),
    path("outbox/<slug:name>/", views.outbox_mail, name="outbox-mail"),
]
