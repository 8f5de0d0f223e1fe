"""Puts a picture to an address as any program without credentials would: arguments are the address, the media type, the
file. Prints the status."""

import sys
import urllib.error
import urllib.request

address, media_type, path = sys.argv[1:]
with open(path, "rb") as file:
    request = urllib.request.Request(address, file.read(), {"Content-Type": media_type}, method="PUT")
try:
    with urllib.request.urlopen(request, timeout=10) as answer:
        print(answer.status)
except urllib.error.HTTPError as error:
    print(error.code)
