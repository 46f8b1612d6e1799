"""What AWS writes into a bucket and does not read again: rules may delete it by age."""

from __future__ import annotations

from typing import Final

from firnline.consumers.layout import FOLDER, LATER, Layout, Source

_LOGS: Final = "(?:.*/)?AWSLogs/(?:o-[a-z0-9]+/)?[0-9]{12}"
_QUERIED: Final = "Athena reads what is in GLACIER or DEEP_ARCHIVE only after a restore"

ATHENA_RESULTS: Final = Layout(
    called="folder of Athena query results",
    plural="folders of Athena query results",
    sign="a UUID with `.csv.metadata` or `.txt.metadata`",
    mark=f"{FOLDER}[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}[.](?:csv|txt)[.]metadata",
    hints=(".metadata",),
    by_age="query results and their metadata: a query can be run again",
    instead="nothing else deletes them",
    untold=(
        "whether somebody reads a result by its key; what `CREATE TABLE AS` wrote beside them is a"
        " table, not a result"
    ),
    sources=(
        Source(
            "https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html",
            "`ID.csv` and `ID.csv.metadata`; the files of CREATE TABLE AS lie in `tables`",
        ),
    ),
)

CLOUDTRAIL: Final = Layout(
    called="CloudTrail trail",
    plural="CloudTrail trails",
    sign="`AWSLogs/ACCOUNT/CloudTrail/`, `CloudTrail-Digest/` or `CloudTrail-Insight/`",
    mark=f"({_LOGS}/CloudTrail(?:-Digest|-Insight)?/).*",
    hints=("/CloudTrail",),
    by_age=(
        "logs, once nobody must show them: these are copies that CloudTrail does not read. Keep"
        " digests as long as the logs that they prove"
    ),
    instead="nothing else deletes them",
    untold=f"what an auditor requires; {_QUERIED}",
    sources=(
        Source(
            "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
            "cloudtrail-log-file-validation-digest-file-structure.html",
            "`AWSLogs/ACCOUNT/CloudTrail-Digest/REGION/…`, of an organization below its ID;"
            " digests prove the logs",
        ),
    ),
)

LOAD_BALANCER_LOGS: Final = Layout(
    called="folder of load balancer access logs",
    plural="folders of load balancer access logs",
    sign="`AWSLogs/ACCOUNT/elasticloadbalancing/`",
    mark=f"({_LOGS}/elasticloadbalancing/).*",
    hints=("/elasticloadbalancing/",),
    by_age="all of it: the load balancer does not read it",
    instead="nothing else deletes them",
    untold=_QUERIED,
    sources=(
        Source(
            "https://github.com/awsdocs/elb-application-load-balancers-user-guide/blob/master/"
            "doc_source/load-balancer-access-logs.md",
            "`AWSLogs/ACCOUNT/elasticloadbalancing/REGION/YYYY/MM/DD/`; lifecycle rules may archive"
            " or delete them",
            LATER,
        ),
    ),
)

FLOW_LOGS: Final = Layout(
    called="folder of VPC flow logs",
    plural="folders of VPC flow logs",
    sign="`AWSLogs/ACCOUNT/vpcflowlogs/`, or `aws-account-id=ACCOUNT/aws-service=vpcflowlogs/`",
    mark=(
        f"({_LOGS}/vpcflowlogs/|(?:.*/)?AWSLogs/aws-account-id=[0-9]{{12}}/"
        "aws-service=vpcflowlogs/).*"
    ),
    hints=("vpcflowlogs/",),
    by_age="all of it: the VPC does not read it",
    instead="nothing else deletes them",
    untold=_QUERIED,
    sources=(
        Source(
            "https://docs.amazonaws.cn/vpc/latest/userguide/flow-logs-s3-path.html",
            "`AWSLogs/ACCOUNT/vpcflowlogs/REGION/YYYY/MM/DD/`, and with Hive-compatible prefixes"
            " `AWSLogs/aws-account-id=ACCOUNT/aws-service=vpcflowlogs/aws-region=REGION/…`",
            LATER,
        ),
    ),
)

LOGS: Final = (ATHENA_RESULTS, CLOUDTRAIL, LOAD_BALANCER_LOGS, FLOW_LOGS)
