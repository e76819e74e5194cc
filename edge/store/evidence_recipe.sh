# sh, unzip, jq, openssl 3, sha256sum, base64, xxd. Every line that begins with BAD is a finding; the last line is the key.
unzip -q -o "$1" -d extract && cd extract
body() { jq -r 'select((.envelope|fromjson).action == "evidence.made" and .body) | .body' trace.jsonl | tail -n 1; }

# The files have the hashes that the event "evidence.made" names.
body | jq -r '.files | to_entries[] | .value + "  " + .key' | sha256sum --check --quiet || echo "BAD file"

# Each event has its hash, and its body the hash that the envelope names: SHA-256 over salt bytes and body text.
jq -r '[.hash, (.envelope | @base64), (.envelope | fromjson | .body_hash), .salt // "-", (.body // "" | @base64)] | join(" ")' \
  trace.jsonl | while read -r hash envelope body_hash salt body; do
  found=$(echo "$envelope" | base64 -d | sha256sum)
  [ "${found%% *}" = "$hash" ] || echo "BAD envelope $hash"
  [ "$salt" = - ] && continue
  found=$({ echo "$salt" | xxd -r -p; echo "$body" | base64 -d; } | sha256sum)
  [ "${found%% *}" = "$body_hash" ] || echo "BAD body $hash"
done

# Each event names the hash of the one before it; where a run begins, the run before it ended in a signed one.
jq -r '[(.envelope|fromjson|.epoch, .seq, .prev), .hash] | @tsv' trace.jsonl > events.tsv
jq -r '[.epoch, .seq, .head] | @tsv' checkpoints.jsonl > signed.tsv
awk -F '\t' 'NR == FNR { signed[$1, $2] = $3; next }
  FNR > 1 && $1 == epoch && $2 == seq + 1 && $3 != hash { print "BAD link", $2 }
  FNR > 1 && !($1 == epoch && $2 == seq + 1) && signed[epoch, seq] != hash { print "BAD run", seq }
  (($1, $2) in signed) && signed[$1, $2] != $4 { print "BAD checkpoint", $2 }
  { epoch = $1; seq = $2; hash = $4; told[$1, $2] = 1 }
  END { if (signed[epoch, seq] != hash) print "BAD end" }' signed.tsv events.tsv

# Every event about the item is there.
cut -f 1,2 events.tsv | sort > told.tsv
body | jq -r '.about[] | @tsv' | sort | comm -23 - told.tsv | sed 's/^/BAD missing /'

# The node signed each checkpoint (Ed25519).
{ printf 302a300506032b6570032100; cat node.pub; } | xxd -r -p | openssl pkey -pubin -inform DER -out node.pem
while read -r line; do
  printf '%s' "$line" | jq -j '"storeroom-checkpoint/1 \(.node) \(.epoch) \(.seq) \(.head) \(.utc_ms)"' > signed.txt
  printf '%s' "$line" | jq -r .signature | xxd -r -p > signed.sig
  openssl pkeyutl -verify -pubin -inkey node.pem -rawin -in signed.txt -sigfile signed.sig > /dev/null || echo "BAD signature"
done < checkpoints.jsonl

xxd -r -p node.pub | sha256sum | cut -c 1-64
