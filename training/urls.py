"""Pages of members and offices, below /zh-hans/ and /zh-hant/."""

from django.urls import path

from .views import activation_page, kit, learner, own_records, unit

urlpatterns = [
    path("learn/", learner.learn, name="learn"),
    path("learn/records/", own_records.my_records, name="my-records"),
    path("learn/records/export", own_records.export, name="my-records-export"),
    path("learn/records/who-sees/", own_records.who_sees, name="who-sees"),
    path("learn/calendar.ics", own_records.calendar, name="training-calendar"),
    path("learn/a/<int:pk>/", learner.task, name="task"),
    path("learn/a/<int:pk>/kit/", kit.kit, name="kit"),
    path("learn/a/<int:pk>/kit.docx", kit.kit_document, name="kit-document"),
    path("learn/a/<int:pk>/<int:position>/", learner.text, name="text"),
    path("learn/a/<int:pk>/<int:position>/seen", learner.seen, name="seen"),
    path("learn/a/<int:pk>/<int:position>/check", learner.check, name="check"),
    path("learn/a/<int:pk>/<int:position>/how", learner.how, name="how"),
    path("unit/<str:code>/", unit.unit_page, name="unit"),
    path("unit/<str:code>/table.csv", unit.unit_table, name="unit-table"),
    path("unit/<str:code>/slips/", unit.slips, name="unit-slips"),
    path("unit/<str:code>/settle", unit.settle, name="unit-settle"),
    path("activate/", activation_page.activate_page, name="activate"),
]
