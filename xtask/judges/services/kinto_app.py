"""Kinto in memory, with pages of three. Usage: python kinto_app.py PORT"""

import sys

from kinto import main
from waitress import serve

settings = {
    "kinto.userid_hmac_secret": "judge",
    "kinto.storage_backend": "kinto.core.storage.memory",
    "kinto.cache_backend": "kinto.core.cache.memory",
    "kinto.permission_backend": "kinto.core.permission.memory",
    "kinto.bucket_create_principals": "system.Authenticated",
    "kinto.paginate_by": "3",
    "multiauth.policies": "basicauth",
    "kinto.http_host": f"localhost:{sys.argv[1]}",
}
serve(main({}, **settings), host="127.0.0.1", port=int(sys.argv[1]), threads=4)
