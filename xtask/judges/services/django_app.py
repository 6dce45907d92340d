"""A Django REST framework application whose document drf-spectacular writes: notebooks of an account, with attachments.

Usage: python django_app.py PORT FOLDER
"""

import sys
import uuid
from pathlib import Path

import django
from django.conf import settings

PORT, FOLDER = sys.argv[1], Path(sys.argv[2])
DATABASE = FOLDER / "django.sqlite3"
DATABASE.unlink(missing_ok=True)
settings.configure(
    DEBUG=False,
    SECRET_KEY="judge",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "drf_spectacular"],
    USE_TZ=True,
    MEDIA_ROOT=FOLDER / "media",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
        "PAGE_SIZE": 3,
        "UNAUTHENTICATED_USER": None,
    },
    SPECTACULAR_SETTINGS={"TITLE": "Notebooks", "VERSION": "1.0.0", "COMPONENT_SPLIT_REQUEST": True, "SERVE_AUTHENTICATION": []},
)
django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import FileResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from drf_spectacular.extensions import OpenApiAuthenticationExtension  # noqa: E402
from drf_spectacular.types import OpenApiTypes  # noqa: E402
from drf_spectacular.utils import extend_schema  # noqa: E402
from drf_spectacular.views import SpectacularJSONAPIView  # noqa: E402
from rest_framework import authentication, decorators, exceptions, parsers, permissions  # noqa: E402
from rest_framework import renderers, response, routers, serializers, viewsets  # noqa: E402


class Notebook(models.Model):
    class Mood(models.TextChoices):
        CALM = "calm"
        WILD = "wild"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=40)
    mood = models.CharField(max_length=8, choices=Mood.choices, default=Mood.CALM)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    tags = models.JSONField(default=list, blank=True)
    cover = models.FileField(upload_to="covers", null=True, blank=True)

    class Meta:
        app_label = "notebooks"
        ordering = ["created_at"]


class Key(authentication.BaseAuthentication):
    def authenticate(self, request):
        key = request.headers.get("X-API-Key")
        if key is None:
            raise exceptions.NotAuthenticated
        if key != "right":
            raise exceptions.AuthenticationFailed("This key is unknown.")
        return (AnonymousUser(), key)

    def authenticate_header(self, request):
        return "Key"


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = Key
    name = "ApiKeyAuth"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "X-API-Key"}


class NotebookSerializer(serializers.ModelSerializer):
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    cover = serializers.FileField(read_only=True, use_url=False)

    class Meta:
        model = Notebook
        fields = ["id", "title", "mood", "price", "due", "created_at", "tags", "cover"]


class CoverSerializer(serializers.Serializer):
    cover = serializers.FileField()
    caption = serializers.CharField(required=False)


class Bytes(renderers.BaseRenderer):
    media_type = "application/octet-stream"
    format = "bytes"
    render_style = "binary"

    def render(self, data, media_type=None, context=None):
        return data if isinstance(data, bytes) else str(data).encode()


class NotebookViewSet(viewsets.ModelViewSet):
    """The notebooks of the account."""

    queryset = Notebook.objects.all()
    serializer_class = NotebookSerializer
    authentication_classes = [Key]
    permission_classes = [permissions.AllowAny]

    @extend_schema(request={"multipart/form-data": CoverSerializer}, responses=NotebookSerializer)
    @decorators.action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def upload_cover(self, request, pk=None):
        notebook = self.get_object()
        form = CoverSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        notebook.cover = form.validated_data["cover"]
        notebook.tags = [form.validated_data.get("caption", "")]
        notebook.save()
        return response.Response(NotebookSerializer(notebook).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @decorators.action(detail=True, methods=["get"], renderer_classes=[Bytes])
    def download_cover(self, request, pk=None):
        return FileResponse(self.get_object().cover.open(), content_type="application/octet-stream")


router = routers.SimpleRouter()
router.register("notebooks", NotebookViewSet)
urlpatterns = [path("api/", include(router.urls)), path("schema", SpectacularJSONAPIView.as_view())]

if __name__ == "__main__":
    sys.modules.setdefault("django_app", sys.modules[__name__])
    with connection.schema_editor() as editor:
        editor.create_model(Notebook)
    from django.core.wsgi import get_wsgi_application
    from waitress import serve

    serve(get_wsgi_application(), host="127.0.0.1", port=int(PORT), threads=2)
