"""S3's events of tags, which MiniStack does not tell: by them a file is moved that was marked later."""

import functools


def on_ministack():
    from ministack.services import s3

    put = s3._put_object_tagging

    @functools.wraps(put)
    def put_and_tell(bucket, key, *rest):
        answer = put(bucket, key, *rest)
        if answer[0] == 200:
            version = answer[1].get("x-amz-version-id")
            s3._fire_s3_event_async(bucket, key, "s3:ObjectTagging:Put", version_id=version)
        return answer

    s3._put_object_tagging = put_and_tell
