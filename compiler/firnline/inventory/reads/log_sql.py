"""Lines of server access logs, and records of CloudTrail → requests, as SQL of the engine.

A row is all that a log has of one key on one day. `bucket` is null for lines that cannot be read:
then `key` is the file. `key` is null for requests that read no object, which tell that the log was
on. Moments are texts, of which only one for a row need be parsed.
"""

from __future__ import annotations

from typing import Final

from firnline.inventory.facts.frame import quoted

# Fields are separated by single spaces, and what a client sent stands in quotes, which nothing
# escapes (S3 User Guide, "Amazon S3 server access log format"). Few groups, and no choice between
# ways to match: so the engine matches it in one pass.
_HEAD: Final = (
    r"^[^ ]+ ([^ ]+) \[(\d\d/[A-Z][a-z][a-z]/\d\d\d\d:\d\d:\d\d:\d\d) \+0000\]"
    r" [^ ]+ [^ ]+ [^ ]+ ([^ ]+ [^ ]+) "
)
_TAIL: Final = r" ((?:\d\d\d|-) [^ ]+ (?:\d+|-)) "
_PLAIN: Final = _HEAD + r'(?:"[^"]*"|-)' + _TAIL
_QUOTES_INSIDE: Final = _HEAD + r'".*?"' + _TAIL
_PARTS: Final = "['bucket', 'time', 'request', 'answer']"

# Copies are logged as a GET of their source, by COPY.OBJECT_GET or COPY.PART_GET (the same page,
# "Additional logging for copy operations"; awsdocs/amazon-s3-userguide, doc_source/LogFormat.md). A
# HEAD counts as use, but reads no bytes. No page says how S3 Select is logged: whatever names it.
_USES: Final = (
    "(ends_with(operation, 'GET.OBJECT') or ends_with(operation, 'HEAD.OBJECT')"
    " or ends_with(operation, '_GET') or contains(operation, 'SELECT'))"
)
_DONE: Final = "('200', '206', '304')"
_SAMPLE: Final = 120

ACCESS_LOG: Final = f"""
    select p.bucket as bucket, 'access' as kind, left(p.time, 11) as day,
        substr(p.time, 13, 2) as hour, substr(p.time, 13, 8) as clock, true as covers,
        split_part(p.request, ' ', 1) as operation, split_part(p.answer, ' ', 1) as status,
        status in {_DONE} and {_USES} and split_part(p.request, ' ', 2) <> '-' as is_use,
        is_use and not ends_with(operation, 'HEAD.OBJECT') as is_read,
        if(is_use, split_part(p.request, ' ', 2), null) as key,
        if(is_read, try_cast(split_part(p.answer, ' ', 3) as bigint), null) as bytes,
        false as by_s3, filename, if(p.bucket is null, left(line, {_SAMPLE}), null) as sample
    from (
        select filename, line, case
            when plain.bucket <> '' then plain
            when regexp_matches(line, {quoted(_QUOTES_INSIDE)})
            then regexp_extract(line, {quoted(_QUOTES_INSIDE)}, {_PARTS})
        end as p
        from (
            select filename, line, regexp_extract(line, {quoted(_PLAIN)}, {_PARTS}) as plain
            from log_lines
        ) where p is not null or trim(line, ' ' || chr(9) || chr(13)) <> ''
    )
"""

# S3's own requests, which no user makes. `lifecycle.s3.amazonaws.com` is the principal of S3
# Lifecycle (S3 User Guide, on directory buckets); that inventories and replication read as
# `s3.amazonaws.com` stands in no source that was read.
_S3_ITSELF: Final = "('s3.amazonaws.com', 'lifecycle.s3.amazonaws.com')"
_READS: Final = "('GetObject', 'SelectObjectContent', 'GetObjectTorrent')"
_COPIES: Final = "('CopyObject', 'UploadPartCopy')"

# The examples of the S3 User Guide for China have `s3.amazonaws.com.cn` as `eventSource`
# (docs.amazonaws.cn, cloudtrail-logging-understanding-s3-entries.html, read on 2026-11-30).
TRAIL: Final = f"""
    select if(is_whole, source[1], null) as bucket, 'trail' as kind, left(moment, 10) as day,
        substr(moment, 12, 2) as hour, substr(moment, 12, 8) as clock, read_only = 'true' as covers,
        (is_copy or name in {_READS} or name = 'HeadObject') and failed is null and not by_s3
            and source[2] <> '' as is_use,
        is_use and name <> 'HeadObject' as is_read,
        if(is_use, source[2], null) as key,
        if(is_read and not is_copy, try_cast(try_cast(sent as double) as bigint), null) as bytes,
        by_s3, filename, if(is_whole, null, left(record::varchar, {_SAMPLE})) as sample
    from (
        select *, name in {_COPIES} and copied is not null as is_copy,
            if(is_copy, [split_part(copied, '/', 1), coalesce(try(url_decode(split_part(
                substr(copied, instr(copied, '/') + 1), '?versionId=', 1))), '')],
                [bucket, coalesce(object, '')]) as source,
            regexp_matches(coalesce(moment, ''), '^\\d{{4}}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$')
                and coalesce(source[1], '') <> '' and coalesce(name, '') <> '' as is_whole
        from (
            select filename, record, record->>'$.eventTime' as moment,
                record->>'$.eventName' as name, record->>'$.errorCode' as failed,
                record->>'$.readOnly' as read_only,
                record->>'$.requestParameters.bucketName' as bucket,
                record->>'$.requestParameters.key' as object,
                ltrim(record->>'$.requestParameters."x-amz-copy-source"', '/') as copied,
                record->>'$.additionalEventData.bytesTransferredOut' as sent,
                coalesce(record->>'$.userIdentity.invokedBy', record->>'$.sourceIPAddress', '')
                    in {_S3_ITSELF} as by_s3
            from trail_records
            where record->>'$.eventSource' in ('s3.amazonaws.com', 's3.amazonaws.com.cn')
                and coalesce(record->>'$.eventCategory', 'Data') = 'Data'
                and coalesce(record->>'$.managementEvent', 'false') = 'false'
        )
    )
"""

_SAME: Final = (
    "bucket, kind, day, hour, clock, covers, is_use, is_read, key, bytes, by_s3, filename, sample"
)


def gathered(*, logs: bool, trails: bool) -> str:
    """By bucket, key and day. `hours` is a bit for each hour of the day with a record."""
    parts = [each for each, there in ((ACCESS_LOG, logs), (TRAIL, trails)) if there]
    requests = " union all ".join(f"select {_SAME} from ({each})" for each in parts)
    return f"""
        select bucket, kind, if(bucket is null, filename, key) as key,
            if(bucket is null, null, day) as day,
            count(*)::bigint as requests, count(*) filter (is_read)::bigint as reads,
            coalesce(sum(bytes), 0)::bigint as bytes,
            count(*) filter (by_s3)::bigint as by_s3,
            min(clock) filter (covers) as first, max(clock) filter (covers) as last,
            max(clock) filter (is_use) as used,
            bit_or(if(covers, 1 << try_cast(hour as integer), 0)) as hours,
            min(sample) as sample
        from ({requests}) group by all
    """


# Of most requests the key is encoded twice: by the client in the path, and by the log. What is no
# UTF-8 then was not.
_ONCE: Final = "coalesce(try(url_decode(key)), key)"
_TWICE: Final = "coalesce(try(url_decode(try(url_decode(key)))), try(url_decode(key)), key)"

_MOMENT: Final = (
    "try_strptime(day || ' ' || {clock}, ['%d/%b/%Y %H:%M:%S', '%Y-%m-%d %H:%M:%S'])::timestamptz"
)

READS: Final = f"""
    select bucket, if(kind = 'access', {_TWICE}, key) as key, if(kind = 'access' and
        contains(key, '%'), key, null) as logged, {_MOMENT.format(clock="used")} as read,
        reads, bytes
    from gathered
    where bucket is not null and key is not null and {_MOMENT.format(clock="used")} is not null
"""
"""A row for each key and day with reads: `logged` is the key as the log has it, if it is not plain.
"""

HOURS: Final = f"""
    select bucket, kind, {_MOMENT.format(clock="'00:00:00'")} as day, bit_or(hours) as hours,
        min({_MOMENT.format(clock="first")}) as first,
        max({_MOMENT.format(clock="last")}) as last,
        sum(requests)::bigint as requests, sum(reads)::bigint as reads,
        sum(bytes)::bigint as bytes, sum(by_s3)::bigint as by_s3
    from gathered where bucket is not null group by all order by all
"""

UNREADABLE: Final = """
    select key as file, sum(requests)::bigint as lines, min(sample) as sample
    from gathered where bucket is null group by all order by all
"""
