"""Does the web process of this container answer? Exit code 0 when it is ready.

The container knows itself as 127.0.0.1; Django only answers to its public names."""

import http.client
import os
import sys

first_name = os.environ["MIDTVEIS_ALLOWED_HOSTS"].split(",")[0].strip()
headers = {"Host": first_name.lstrip(".").replace("*", "localhost")}
connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
connection.request("GET", "/health/ready", headers=headers)
sys.exit(connection.getresponse().status != 200)
