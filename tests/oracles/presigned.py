#!/usr/bin/env python3
"""Signs requests again with botocore and compares the signatures.

    presigned.py KEY SECRET REGION < REQUESTS

Each line of REQUESTS is a method and an address that is signed with AWS Signature Version 4 in its query.
"""

import datetime
import sys
import urllib.parse

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def signature(url):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["X-Amz-Signature"][0]


def signed_again(method, url, credentials, region):
    parts = urllib.parse.urlsplit(url)
    query = {key: values[0] for key, values in urllib.parse.parse_qs(parts.query).items()}
    at = datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    at = at.replace(tzinfo=datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_, **__: at
    request = AWSRequest(method=method, url=urllib.parse.urlunsplit(parts._replace(query="")))
    auth = botocore.auth.S3SigV4QueryAuth(
        credentials, "s3", region, expires=int(query["X-Amz-Expires"])
    )
    auth.add_auth(request)
    return request.url


key, secret, region = sys.argv[1:]
count = 0
for line in sys.stdin:
    method, url = line.split()
    again = signed_again(method, url, Credentials(key, secret), region)
    if signature(url) != signature(again):
        sys.exit(f"{method} {url}\nis signed differently: {again}")
    count += 1
if count == 0:
    sys.exit("no requests")
print(f"{count} requests")
