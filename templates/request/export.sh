#!/bin/sh
# Exports what a review needs from one org, with Salesforce's own command line `sf`. Reads only; changes nothing.
#
#   sh export.sh [--csv] [--events] ORG [FOLDER]
#
#   ORG       alias or user name of an org that `sf org login web` knows
#   FOLDER    where the snapshot goes (default: snapshot-ORG); it has to be new
#   --csv     large objects by Bulk API as CSV instead of JSON, with their counts for engagement.toml
#   --events  also downloads event log files (ApiTotalUsage, RestApi, BulkApi2, Login)
#
# Exit code 0: everything was exported. 1: something is missing, named at the end and in NOTES.txt. 2: wrong usage.
# The snapshot tells much about the org's security, and may hold consumer secrets: keep it as you keep a password.
set -eu
umask 077

usage() {
    sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

csv=no
events=no
while [ $# -gt 0 ]; do
    case $1 in
        --csv) csv=yes ;;
        --events) events=yes ;;
        --) shift; break ;;
        -*) usage ;;
        *) break ;;
    esac
    shift
done
if [ $# -lt 1 ] || [ $# -gt 2 ]; then usage; fi
org=$1
out=${2:-snapshot-$(printf '%s' "$org" | tr -c 'A-Za-z0-9._-' '_')}

here=$(cd "$(dirname "$0")" && pwd)
command -v sf >/dev/null 2>&1 || { echo "export.sh: the command sf is not installed" >&2; exit 2; }
if [ -e "$out" ]; then echo "export.sh: $out is already there" >&2; exit 2; fi
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# `sf data query` stops at 50,000 rows otherwise; a cut export proves nothing.
SF_ORG_MAX_QUERY_LIMIT=5000000
export SF_ORG_MAX_QUERY_LIMIT

api=66.0
missing=0

note() {
    printf '%s\n' "$1" | tee -a "$out/NOTES.txt" >&2
}

# Runs a query into STEM.json. A column that this org does not have is taken out and noted, then the query runs again.
query() {
    stem=$1
    cp "$here/soql/$stem.soql" "$work/$stem.soql"
    while ! sf data query --file "$work/$stem.soql" --target-org "$org" --json \
        >"$work/$stem.json" 2>"$work/$stem.err"; do
        column=$(sed -n "s/.*No such column '\([A-Za-z0-9_]*\)'.*/\1/p" "$work/$stem.json" | head -n 1)
        if [ -z "$column" ] || ! grep -q "[ ,]$column[ ,]" "$work/$stem.soql"; then
            note "$stem: the query failed: $(sed -n 's/.*"message": *"\([^"]*\)".*/\1/p' "$work/$stem.json" | head -n 1)"
            missing=1
            return 0
        fi
        sed "s/\([ ,]\)$column, /\1/; s/, $column / /" "$work/$stem.soql" >"$work/$stem.next"
        mv "$work/$stem.next" "$work/$stem.soql"
        note "$stem: this org has no column $column"
    done
    mv "$work/$stem.json" "$out/$stem.json"
    echo "$stem.json" >&2
}

# Runs a query by Bulk API into STEM.csv, and notes the org's own count, which CSV does not carry.
bulk() {
    stem=$1
    if ! sf data export bulk --query-file "$here/soql/$stem.soql" --target-org "$org" --result-format csv \
        --output-file "$out/$stem.csv" --wait 60 >"$work/$stem.log" 2>&1; then
        rm -f "$out/$stem.csv"
        query "$stem"
        return 0
    fi
    where=$(sed -n 's/.* FROM \(.*\)/\1/p' "$here/soql/$stem.soql")
    count=$(sf data query --query "SELECT COUNT() FROM $where" --target-org "$org" --json 2>/dev/null |
        sed -n 's/.*"totalSize": *\([0-9]*\).*/\1/p' | head -n 1)
    note "[org.expected] $stem = ${count:-unknown}"
    echo "$stem.csv" >&2
}

# Retrieves package.xml in mdapi layout. sf wants a project around it; this one is thrown away.
metadata() {
    mkdir -p "$work/project/force-app"
    printf '{"packageDirectories":[{"path":"force-app","default":true}],"sourceApiVersion":"%s"}\n' "$api" \
        >"$work/project/sfdx-project.json"
    if (cd "$work/project" && sf project retrieve start --manifest "$here/package.xml" --target-org "$org" \
        --target-metadata-dir "$out/metadata" --unzip --wait 60 --json >"$work/retrieve.json" 2>"$work/retrieve.err"); then
        rm -f "$out/metadata/"*.zip
        echo "metadata" >&2
    else
        note "metadata: the retrieval failed: $(sed -n 's/.*"message": *"\([^"]*\)".*/\1/p' "$work/retrieve.json" | head -n 1)"
        note "metadata: take a type that this org does not know out of package.xml, and run again"
        missing=1
    fi
}

# Lists the components of a metadata type into lists/TYPE.json: names only, to compare with what was retrieved.
list() {
    type=$1
    if sf org list metadata --metadata-type "$type" --target-org "$org" --json >"$work/$type.json" 2>"$work/$type.err"; then
        mkdir -p "$out/lists"
        mv "$work/$type.json" "$out/lists/$type.json"
        echo "lists/$type.json" >&2
    else
        note "$type: its components could not be listed: $(sed -n 's/.*"message": *"\([^"]*\)".*/\1/p' "$work/$type.json" | head -n 1)"
    fi
}

# Downloads each event log file that the listing names.
event_logs() {
    if ! sf data query --file "$here/soql/EventLogFile.soql" --target-org "$org" --result-format csv \
        >"$work/events.csv" 2>"$work/events.err"; then
        note "EventLogFile: the listing failed"
        missing=1
        return 0
    fi
    tail -n +2 "$work/events.csv" | tr -d '"\r' | while IFS=, read -r id type day _; do
        case $id in '' | *[!A-Za-z0-9]*) continue ;; esac
        case $type in '' | *[!A-Za-z]*) continue ;; esac
        day=$(printf '%s' "$day" | cut -c 1-10 | tr -c '0-9\n-' '_')
        sf api request rest "/services/data/v$api/sobjects/EventLogFile/$id/LogFile" --target-org "$org" \
            >"$out/$type-$day-$id.csv" 2>>"$work/events.err" || note "EventLogFile: $type of $day was not downloaded"
    done
}

note "exported by export.sh from $org, started $(date -u '+%Y-%m-%dT%H:%M:%SZ')"
metadata
for type in @TYPES@; do list "$type"; done
for stem in @QUERIES@; do
    case $csv:$stem in
        yes:User | yes:PermissionSetAssignment | yes:ObjectPermissions | yes:LoginHistory) bulk "$stem" ;;
        *) query "$stem" ;;
    esac
done
if [ "$events" = yes ]; then event_logs; fi
note "finished $(date -u '+%Y-%m-%dT%H:%M:%SZ')"

if [ "$missing" = 1 ]; then
    echo "export.sh: something is missing, see $out/NOTES.txt" >&2
    exit 1
fi
echo "$out"
