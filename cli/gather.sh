#!/bin/sh
# Writes the raw answers of kubectl and aws about one EKS cluster into a directory that `netpol-warden import` reads.
# It only reads, needs nothing but kubectl, aws and a POSIX shell, and a call that failed leaves a file that says so.
# What it asks, which permissions that takes and what it never fetches: docs/gather.md
set -u
umask 077

usage() {
  cat <<'USAGE'
Usage: gather.sh --cluster NAME --region REGION [options]
  --cluster NAME      name of the EKS cluster
  --region REGION     its AWS region, such as eu-central-1
  --context CONTEXT   kubectl context; without it the current one, if it points at this cluster
  --profile PROFILE   AWS profile
  --out DIR           directory to write, new or empty (default ./NAME)
  --with-user-data    also fetch launch templates; their user data may hold secrets
  --with-readyz       also ask each node's policy agent (1.4.1 or newer) for its own health
  --no-kubernetes     leave the Kubernetes API alone
  --help              this text

Exit code: 0 when anything was read, 2 when nothing was or the arguments are wrong.
USAGE
}

say() { printf '%s\n' "$1" >&2; }
die() { say "gather.sh: $1" && exit 2; }

# Spelled out, because a range such as a-z means something else in some locales.
LOWER='abcdefghijklmnopqrstuvwxyz' DIGIT='0123456789'
ALNUM="ABCDEFGHIJKLMNOPQRSTUVWXYZ$LOWER$DIGIT"

# name_of CHARACTERS MAXIMUM TEXT: TEXT is made of CHARACTERS only, neither empty nor too long, a letter or digit first.
name_of() {
  [ "${#3}" -le "$2" ] || return 1
  case $3 in
    '' | *[!$1]* | [._-]*) return 1 ;;
  esac
}

# https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html (name; a node group's is no wider)
is_eks_name() { name_of "${ALNUM}_-" 100 "$1"; }
# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
is_object_name() { name_of "$LOWER$DIGIT.-" 253 "$1"; }

# ---- arguments
cluster='' region='' context='' profile='' out='' user_data=no readyz=no kubernetes=yes
while [ "$#" -gt 0 ]; do
  case $1 in
    --cluster | --region | --context | --profile | --out) [ -n "${2:-}" ] || die "$1 needs a value" ;;
  esac
  case $1 in
    --cluster) cluster=$2 && shift ;;
    --region) region=$2 && shift ;;
    --context) context=$2 && shift ;;
    --profile) profile=$2 && shift ;;
    --out) out=$2 && shift ;;
    --with-user-data) user_data=yes ;;
    --with-readyz) readyz=yes ;;
    --no-kubernetes) kubernetes=no ;;
    --help | -h) usage && exit 0 ;;
    *) die "unknown argument $1 (see --help)" ;;
  esac
  shift
done
{ [ -n "$cluster" ] && [ -n "$region" ]; } || die '--cluster and --region are needed (see --help)'
is_eks_name "$cluster" || die "--cluster: expected up to 100 letters, digits, - and _, found $cluster"
name_of "$LOWER$DIGIT-" 32 "$region" || die "--region: expected something like eu-central-1, found $region"
command -v aws >/dev/null 2>&1 || die 'the AWS command line (aws) was not found'
[ "$kubernetes" = no ] || command -v kubectl >/dev/null 2>&1 ||
  die 'kubectl was not found; --no-kubernetes gathers the AWS side alone'
[ -n "$out" ] || out=./$cluster
# A relative name that begins with a hyphen would read as an option of mkdir, mv and sed.
case $out in
  -*) out=./$out ;;
esac
mkdir -p "$out" || die "--out: cannot create $out"
[ -z "$(ls -A "$out")" ] || die "--out: $out is not empty, and evidence of two gatherings must not mix"
mkdir -p "$out/aws/nodegroups" || die "--out: cannot write into $out"

# ---- one call, one file
read_count=0 absent_count=0 failed_count=0
# succeeded FILE SUFFIX: what the call printed becomes FILE.SUFFIX.
succeeded() {
  mv "$1.stdout.part" "$1.$2"
  rm -f "$1.stderr.part"
  read_count=$((read_count + 1))
  say "  read       ${1#"$out"/}"
}

# failed FILE CODE: what the call said on standard error becomes FILE.error, whose last line is the exit code.
failed() {
  {
    tail -n 60 "$1.stderr.part"
    [ -z "$(tail -c 1 "$1.stderr.part")" ] || echo
    echo "exit: $2"
  } >"$1.error.part"
  mv "$1.error.part" "$1.error"
  rm -f "$1.stdout.part" "$1.stderr.part"
  if grep -E -q "ResourceNotFoundException|\(NotFound\)|doesn't have a resource type" "$1.error"; then
    absent_count=$((absent_count + 1))
    say "  not there  ${1#"$out"/}"
  else
    failed_count=$((failed_count + 1))
    say "  failed     ${1#"$out"/}"
  fi
}

# call FILE COMMAND...: runs the command into FILE.stdout.part and FILE.stderr.part; success without output is none.
call() {
  call_file=$1
  shift
  "$@" </dev/null >"$call_file.stdout.part" 2>"$call_file.stderr.part" || return
  [ -s "$call_file.stdout.part" ] && return
  echo 'the command succeeded and printed nothing' >>"$call_file.stderr.part"
  return 1
}

# record FILE COMMAND...: FILE.json or FILE.error.
record() {
  if call "$@"; then succeeded "$1" json; else failed "$1" "$?"; fi
}

trap 'rm -f "$out"/*.part "$out"/*/*.part "$out"/*/*/*.part' EXIT
trap 'exit 130' INT TERM

# ---- AWS
# No pager, times in UTC, no waiting for ever.
AWS_PAGER='' TZ=UTC0 AWS_RETRY_MODE=${AWS_RETRY_MODE:-standard}
export AWS_PAGER TZ AWS_RETRY_MODE
aws_call() {
  set -- "$@" --region "$region" --output json --cli-connect-timeout 20 --cli-read-timeout 60
  [ -z "$profile" ] || set -- "$@" --profile "$profile"
  aws "$@"
}

# pieces FILE: its JSON cut at every bracket, brace and comma, one piece a line, blanks around it gone.
pieces() {
  tr -d '\n' <"$1" | tr ',{}[]' '\n\n\n\n\n' | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//'
  echo
}

# one_filter FILE KEY IDS FILTER WHAT COMMAND...: asks for what aws/IDS.part lists. By filter and not by id: one that is
# gone would fail the whole call. Where the list is empty there is nothing to ask.
one_filter() {
  filter_file=$out/aws/$1 filter_key=$2 filter_ids=$out/aws/$3.part filter_name=$4 filter_what=$5
  shift 5
  filter_count=$(wc -l <"$filter_ids")
  if [ "$filter_count" -eq 0 ]; then
    record "$filter_file" printf '{\n    "%s": []\n}\n' "$filter_key"
  elif [ "$filter_count" -gt 200 ]; then
    record "$filter_file" sh -c "echo 'more than 200 $filter_what; one call takes no more' >&2; exit 1"
  else
    record "$filter_file" "$@" --filters "Name=$filter_name,Values=$(paste -s -d , "$filter_ids")"
  fi
}

# ids_in PATTERN FILE...: every string of these files that is PATTERN and nothing more, each once.
ids_in() {
  ids_pattern=$1
  shift
  for file in "$@"; do
    [ ! -f "$file" ] || pieces "$file"
  done | sed -n "s/^.*\"\($ids_pattern\)\"$/\1/p" | sort -u
}

gathered_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
say "gathering $cluster in $region into $out"
record "$out/aws/describe-cluster" aws_call eks describe-cluster --name "$cluster"

# A dump must name its account: from the cluster's ARN, or from the caller's, who can only ask about their own account.
arn=''
if [ -f "$out/aws/describe-cluster.json" ]; then
  arn=$(sed -n "s/.*\"\(arn:[a-z-]*:eks:$region:[0-9]\{12\}:cluster\/$cluster\)\".*/\1/p" "$out/aws/describe-cluster.json")
elif ! grep -q ResourceNotFoundException "$out/aws/describe-cluster.error" &&
  call "$out/aws/caller" aws_call sts get-caller-identity; then
  arn=$(sed -n 's/.*"\(arn:[a-z-]*:[a-z]*::[0-9]\{12\}:[^"]*\)".*/\1/p' "$out/aws/caller.stdout.part")
fi
account=$(printf '%s\n' "$arn" | sed -n '1s/^arn:[a-z-]*:[a-z]*:[^:]*:\([0-9]\{12\}\):.*/\1/p')
partition=$(printf '%s\n' "$arn" | sed -n '1s/^arn:\([a-z-]*\):.*/\1/p')
if [ -z "$account" ]; then
  [ ! -f "$out/aws/describe-cluster.error" ] || cat "$out/aws/describe-cluster.error" >&2
  rm -f "$out/aws/describe-cluster.error" "$out/aws/describe-cluster.json" "$out"/aws/*.part
  rmdir "$out/aws/nodegroups" "$out/aws" "$out"
  die "AWS does not tell whose $cluster is, and a dump must say: is the name right, are the credentials valid?"
fi

record "$out/aws/describe-addon-vpc-cni" aws_call eks describe-addon --cluster-name "$cluster" --addon-name vpc-cni
record "$out/aws/list-nodegroups" aws_call eks list-nodegroups --cluster-name "$cluster"
if [ -f "$out/aws/list-nodegroups.json" ]; then
  # These names become file names: what is no node group name is refused, and its missing file makes the list partial.
  pieces "$out/aws/list-nodegroups.json" >"$out/aws/names.part"
  while IFS= read -r quoted; do
    case $quoted in
      '' | '"nodegroups":'* | '"nextToken":'*) continue ;;
    esac
    name=${quoted#\"}
    name=${name%\"}
    if [ "\"$name\"" = "$quoted" ] && is_eks_name "$name"; then
      record "$out/aws/nodegroups/$name" aws_call eks describe-nodegroup --cluster-name "$cluster" --nodegroup-name "$name"
    else
      failed_count=$((failed_count + 1))
      say '  refused    a node group whose name is not one'
    fi
  done <"$out/aws/names.part"
fi

# Every node of the cluster carries this tag: https://docs.aws.amazon.com/eks/latest/userguide/worker.html
record "$out/aws/describe-instances" aws_call ec2 describe-instances --filters \
  "Name=tag-key,Values=kubernetes.io/cluster/$cluster" 'Name=instance-state-name,Values=pending,running'
if [ -f "$out/aws/describe-instances.json" ]; then
  ids_in 'ami-[0-9a-f]\{8,17\}' "$out/aws/describe-instances.json" >"$out/aws/images.part"
  one_filter describe-images Images images image-id images aws_call ec2 describe-images --include-deprecated
fi

if [ "$user_data" = yes ]; then
  mkdir "$out/aws/launch-templates"
  ids_in 'lt-[0-9a-f]\{8,17\}' "$out/aws/describe-instances.json" "$out"/aws/nodegroups/*.json >"$out/aws/templates.part"
  while read -r template; do
    record "$out/aws/launch-templates/$template" \
      aws_call ec2 describe-launch-template-versions --launch-template-id "$template"
  done <"$out/aws/templates.part"
fi

# The add-on's schema for the version that runs, the versions that suit the cluster, and the newest images for it.
# version_of KEY FILE: the first member KEY of FILE that looks like a version.
version_of() {
  [ ! -f "$2" ] || pieces "$2" | sed -n "s/^\"$1\"[[:space:]]*:[[:space:]]*\"\(v\{0,1\}[0-9][0-9A-Za-z.+-]*\)\"$/\1/p" | sed 1q
}
addon_version=$(version_of addonVersion "$out/aws/describe-addon-vpc-cni.json")
kubernetes_version=$(version_of version "$out/aws/describe-cluster.json")
[ -z "$addon_version" ] || record "$out/aws/describe-addon-configuration" \
  aws_call eks describe-addon-configuration --addon-name vpc-cni --addon-version "$addon_version"

# parameters NAME...: ssm:GetParameters of ten names at a time, joined into one answer with nothing but names and values.
parameters() {
  parameters_comma=''
  printf '{"Parameters":['
  while [ "$#" -gt 0 ]; do
    parameters_names='' parameters_count=0
    while [ "$#" -gt 0 ] && [ "$parameters_count" -lt 10 ]; do
      parameters_names="$parameters_names $1" parameters_count=$((parameters_count + 1))
      shift
    done
    # shellcheck disable=SC2086 # names of ours, without blanks
    aws_call ssm get-parameters --query 'Parameters[].{Name:Name,Value:Value}' --names $parameters_names \
      >"$out/aws/parameters.part" || return
    parameters_found=$(tr -d '\n' <"$out/aws/parameters.part" | sed -e 's/^[[:space:]]*\[//' -e 's/\][[:space:]]*$//')
    case $parameters_found in
      *[!\ ]*) printf '%s%s' "$parameters_comma" "$parameters_found" && parameters_comma=, ;;
    esac
  done
  printf ']}\n'
}

# https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html
# https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id-bottlerocket.html
if [ -n "$kubernetes_version" ]; then
  record "$out/aws/describe-addon-versions" \
    aws_call eks describe-addon-versions --addon-name vpc-cni --kubernetes-version "$kubernetes_version"
  set --
  for image in x86_64/standard x86_64/nvidia x86_64/neuron arm64/standard arm64/nvidia; do
    image=/aws/service/eks/optimized-ami/$kubernetes_version/amazon-linux-2023/$image/recommended
    set -- "$@" "$image/image_id" "$image/release_version"
  done
  for architecture in x86_64 arm64; do
    for flavour in '' -nvidia -fips; do
      image=/aws/service/bottlerocket/aws-k8s-$kubernetes_version$flavour/$architecture/latest
      set -- "$@" "$image/image_id" "$image/image_version"
    done
  done
  record "$out/aws/get-parameters" parameters "$@"
fi

# Node groups' Auto Scaling groups carry the tag too.
record "$out/aws/describe-auto-scaling-groups" aws_call autoscaling describe-auto-scaling-groups --filters \
  "Name=tag-key,Values=kubernetes.io/cluster/$cluster"

log_group=/aws/eks/$cluster/cluster
record "$out/aws/describe-log-groups" aws_call logs describe-log-groups --log-group-name-prefix "$log_group"
if [ -f "$out/aws/describe-log-groups.json" ] && grep -F -q "\"$log_group\"" "$out/aws/describe-log-groups.json"; then
  record "$out/aws/describe-subscription-filters" \
    aws_call logs describe-subscription-filters --log-group-name "$log_group"
fi

# Subnets of the control plane and of every interface of a node; both must be known, or subnets would be missing.
if [ -f "$out/aws/describe-cluster.json" ] && [ -f "$out/aws/describe-instances.json" ]; then
  ids_in 'subnet-[0-9a-f]\{8,17\}' "$out/aws/describe-cluster.json" "$out/aws/describe-instances.json" \
    >"$out/aws/subnets.part"
  one_filter describe-subnets Subnets subnets subnet-id subnets aws_call ec2 describe-subnets
  one_filter describe-network-interfaces NetworkInterfaces subnets subnet-id subnets \
    aws_call ec2 describe-network-interfaces
  mkdir "$out/aws/subnet-cidr-reservations"
  ids_in 'subnet-[0-9a-f]\{8,17\}' "$out/aws/describe-subnets.json" >"$out/aws/subnets.part"
  while read -r subnet; do
    record "$out/aws/subnet-cidr-reservations/$subnet" \
      aws_call ec2 get-subnet-cidr-reservations --subnet-id "$subnet"
  done <"$out/aws/subnets.part"
fi

# ---- Kubernetes
kube() {
  [ -z "$context" ] || set -- --context "$context" "$@"
  kubectl --request-timeout=60s "$@"
}

# Go's %q and JSON differ in \a, \v, \xHH and \UHHHHHHHH. The mark stands for an escaped backslash meanwhile: %q never
# prints that character bare. The last form, characters nobody assigned, becomes the replacement character.
mark=$(printf '\001')
go_quoted_to_json() {
  LC_ALL=C sed -e "s/\\\\\\\\/$mark/g" -e 's/\\a/\\u0007/g' -e 's/\\v/\\u000b/g' \
    -e 's/\\x\([0-9a-f][0-9a-f]\)/\\u00\1/g' -e 's/\\U[0-9a-f]\{8\}/\\ufffd/g' -e "s/$mark/\\\\\\\\/g"
}

# projected TEMPLATE ARGUMENT...: `kubectl get` that prints only what TEMPLATE names.
projected() {
  projected_template=$1
  shift
  kube "$@" -o "go-template=$projected_template" >"$out/kubernetes/raw.part" || return
  go_quoted_to_json <"$out/kubernetes/raw.part"
}

# The templates print the List that `-o json` would, with fewer fields. Where a brace of the JSON meets one of the
# template's, a blank keeps them apart.
LIST='{{define "map"}}{ {{$comma := ""}}{{range $key, $value := .}}{{$comma}}{{printf "%q:%q" $key $value}}{{$comma = ","}}{{end}} }{{end -}}
{{define "number"}}{{with .}}{{.}}{{else}}0{{end}}{{end -}}
{{define "containers"}}[{{range $i, $container := .}}{{if $i}},{{end}}{"name":{{printf "%q" .name}},"image":{{printf "%q" .image}}}{{end}}]{{end -}}
{{define "template"}}"template":{"spec":{ {{with .spec.initContainers}}"initContainers":{{template "containers" .}},{{end}}"containers":{{template "containers" .spec.containers}}}}{{end -}}
{"apiVersion":"v1","kind":"List","metadata":{"resourceVersion":""},"items":[{{range $i, $item := .items}}{{if $i}},{{end}}
{"apiVersion":{{printf "%q" .apiVersion}},"kind":{{printf "%q" .kind}},"metadata":{"name":{{printf "%q" .metadata.name}}
  {{- with .metadata.namespace}},"namespace":{{printf "%q" .}}{{end}}
  {{- with .metadata.uid}},"uid":{{printf "%q" .}}{{end}}
  {{- with .metadata.creationTimestamp}},"creationTimestamp":{{printf "%q" .}}{{end}}
  {{- with .metadata.labels}},"labels":{{template "map" .}}{{end}}'
END='}{{end}}
]}
'
CONFIGMAPS=$LIST'}'$END
NAMESPACES=$LIST'},"status":{"phase":{{printf "%q" .status.phase}}}'$END
DAEMONSETS=$LIST'},"spec":{ {{template "template" .spec.template}}},"status":{"desiredNumberScheduled":{{template "number" .status.desiredNumberScheduled}},"currentNumberScheduled":{{template "number" .status.currentNumberScheduled}},"updatedNumberScheduled":{{template "number" .status.updatedNumberScheduled}},"numberReady":{{template "number" .status.numberReady}}}'$END
DEPLOYMENTS=$LIST'},"spec":{"replicas":{{template "number" .spec.replicas}},{{template "template" .spec.template}}},"status":{"replicas":{{template "number" .status.replicas}},"readyReplicas":{{template "number" .status.readyReplicas}}}'$END
CRDS=$LIST'{{with .metadata.finalizers}},"finalizers":[{{range $i, $value := .}}{{if $i}},{{end}}{{printf "%q" $value}}{{end}}]{{end -}}
},"spec":{"group":{{printf "%q" .spec.group}},"versions":[{{range $i, $version := .spec.versions}}{{if $i}},{{end}}{"name":{{printf "%q" .name}},"served":{{if .served}}true{{else}}false{{end}}}{{end}}]}'$END
APISERVICES=$LIST'},"spec":{"group":{{printf "%q" .spec.group}},"version":{{printf "%q" .spec.version}}},"status":{"conditions":[
  {{- range $i, $condition := .status.conditions}}{{if $i}},{{end}}{"type":{{printf "%q" .type}},"status":{{printf "%q" .status}},"reason":{{printf "%q" .reason}}}{{end}}]}'$END
PODS=$LIST'
  {{- with .metadata.annotations}}{{with index . "vpc.amazonaws.com/pod-eni"}},"annotations":{"vpc.amazonaws.com/pod-eni":{{printf "%q" .}}}{{end}}{{end}}
  {{- with .metadata.ownerReferences}},"ownerReferences":[{{range $i, $owner := .}}{{if $i}},{{end}}{"apiVersion":{{printf "%q" .apiVersion}},"kind":{{printf "%q" .kind}},"name":{{printf "%q" .name}}{{if .controller}},"controller":true{{end}}}{{end}}]{{end -}}
},"spec":{ {{if .spec.hostNetwork}}"hostNetwork":true,{{end}}{{with .spec.nodeName}}"nodeName":{{printf "%q" .}},{{end}}"containers":[
  {{- range $i, $container := .spec.containers}}{{if $i}},{{end}}{"name":{{printf "%q" .name}}
    {{- with .ports}},"ports":[{{range $i, $port := .}}{{if $i}},{{end}}{ {{with .name}}"name":{{printf "%q" .}},{{end}}"containerPort":{{.containerPort}},"protocol":{{printf "%q" .protocol}}}{{end}}]{{end -}}
  }{{end}}]},"status":{"phase":{{printf "%q" .status.phase}}
  {{- with .status.hostIP}},"hostIP":{{printf "%q" .}}{{end}}
  {{- with .status.podIP}},"podIP":{{printf "%q" .}}{{end}}
  {{- with .status.podIPs}},"podIPs":[{{range $i, $address := .}}{{if $i}},{{end}}{"ip":{{printf "%q" .ip}}}{{end}}]{{end -}}
}'$END

SERVICES=$LIST'},"spec":{ {{with .spec.type}}"type":{{printf "%q" .}},{{end}}
  {{- with .spec.clusterIP}}"clusterIP":{{printf "%q" .}},{{end}}
  {{- with .spec.clusterIPs}}"clusterIPs":[{{range $i, $address := .}}{{if $i}},{{end}}{{printf "%q" $address}}{{end}}],{{end}}
  {{- with .spec.externalName}}"externalName":{{printf "%q" .}},{{end}}
  {{- with .spec.internalTrafficPolicy}}"internalTrafficPolicy":{{printf "%q" .}},{{end}}
  {{- with .spec.selector}}"selector":{{template "map" .}},{{end -}}
  "ports":[{{range $i, $port := .spec.ports}}{{if $i}},{{end}}{ {{with .name}}"name":{{printf "%q" .}},{{end}}
    {{- with .targetPort}}"targetPort":{{if eq (printf "%T" .) "string"}}{{printf "%q" .}}{{else}}{{.}}{{end}},{{end}}
    {{- with .protocol}}"protocol":{{printf "%q" .}},{{end}}"port":{{.port}}}{{end}}]}'$END
ENDPOINTSLICES=$LIST'},"addressType":{{printf "%q" .addressType}},"endpoints":[{{range $i, $endpoint := .endpoints}}{{if $i}},{{end}}{ {{with .nodeName}}"nodeName":{{printf "%q" .}},{{end}}
  {{- with .targetRef}}{{if eq (printf "%v" .kind) "Pod"}}"targetRef":{"kind":"Pod",{{with .namespace}}"namespace":{{printf "%q" .}},{{end}}"name":{{printf "%q" .name}}},{{end}}{{end}}
  {{- with .conditions}}{{if eq (printf "%v" .ready) "true" "false"}}"conditions":{"ready":{{.ready}}},{{end}}{{end -}}
  "addresses":[{{range $i, $address := .addresses}}{{if $i}},{{end}}{{printf "%q" $address}}{{end}}]}{{end}}],"ports":[
  {{- range $i, $port := .ports}}{{if $i}},{{end}}{ {{with .name}}"name":{{printf "%q" .}},{{end}}{{with .port}}"port":{{.}},{{end}}"protocol":{{with .protocol}}{{printf "%q" .}}{{else}}"TCP"{{end}}}{{end}}]'$END
KUBE_PROXY_CONFIG='{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":{{printf "%q" .metadata.name}}},"data":{ {{with .data}}{{with .config}}"config":{{printf "%q" .}}{{end}}{{end}} }}
'
# Of these two lists most items are nobody's business: only those that a name or a reason picks are printed.
PICKED='{"apiVersion":"v1","kind":"List","metadata":{"resourceVersion":""},"items":[{{$comma := ""}}{{range .items}}'
SERVICEACCOUNTS=$PICKED'{{if eq .metadata.name "aws-node" "aws-load-balancer-controller" "external-dns"}}{{$comma}}
{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":{{printf "%q" .metadata.name}},"namespace":{{printf "%q" .metadata.namespace}}
  {{- with .metadata.annotations}}{{with index . "eks.amazonaws.com/role-arn"}},"annotations":{"eks.amazonaws.com/role-arn":{{printf "%q" .}}}{{end}}{{end -}}
}}{{$comma = ","}}{{end}}{{end}}
]}
'
EVENTS=$PICKED'{{if eq (printf "%v" .reason) "AwsNodeNotificationToRc" "BranchAllocationFailed" "BranchENIAnnotationFailed" "BranchENICoolDownPeriodUpdated" "CNINodeCreationFailed" "CNINodeDeletionFailed" "ControllerVersionNotice" "EniConfigNameNotFound" "InsufficientCidrBlocks" "NodeTrunkFailedInit" "NodeTrunkInitiated" "ResourceAllocated" "SecurityGroupRequested" "TrunkENICreationFailed" "Unsupported"}}{{$comma}}
{"apiVersion":"v1","kind":"Event","metadata":{"name":{{printf "%q" .metadata.name}},"namespace":{{printf "%q" .metadata.namespace}},"creationTimestamp":{{printf "%q" .metadata.creationTimestamp}}},"reason":{{printf "%q" .reason}},"involvedObject":{"kind":{{printf "%q" .involvedObject.kind}},{{with .involvedObject.namespace}}"namespace":{{printf "%q" .}},{{end}}"name":{{printf "%q" .involvedObject.name}}}
  {{- with .type}},"type":{{printf "%q" .}}{{end}}{{with .message}},"message":{{printf "%q" .}}{{end}}{{with .count}},"count":{{.}}{{end}}
  {{- with .lastTimestamp}},"lastTimestamp":{{printf "%q" .}}{{end}}{{with .eventTime}},"eventTime":{{printf "%q" .}}{{end}}
  {{- with .reportingComponent}},"reportingComponent":{{printf "%q" .}}{{end}}{{with .source}}{{with .component}},"source":{"component":{{printf "%q" .}}}{{end}}{{end}}
  {{- with .series}},"series":{"count":{{template "number" .count}}{{with .lastObservedTime}},"lastObservedTime":{{printf "%q" .}}{{end}}}{{end -}}
}{{$comma = ","}}{{end}}{{end}}
]}
'
EVENTS='{{define "number"}}{{with .}}{{.}}{{else}}0{{end}}{{end -}}
'$EVENTS

# The context must be this cluster's: another cluster's answers under this name would be false evidence.
if [ "$kubernetes" = yes ]; then
  endpoint=$(sed -n 's/.*"endpoint"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' "$out"/aws/describe-cluster.*)
  server=$(kube config view --minify -o 'jsonpath={.clusters[0].cluster.server}' </dev/null 2>/dev/null)
  if [ -z "$endpoint" ] || [ "${server%/}" != "${endpoint%/}" ]; then
    say "warning: kubectl would ask ${server:-no server}, the cluster's endpoint is ${endpoint:-not known}"
    [ -n "$context" ] || kubernetes=no
    [ -n "$context" ] || say 'warning: the Kubernetes side is left out; name the right context with --context'
  fi
fi

# kubernetes_read FILE COMMAND...: as record; an API server that cannot be reached is found out once, not twenty times.
unreachable=no
kubernetes_read() {
  kubernetes_file=$out/kubernetes/$1
  shift
  if [ "$unreachable" = no ]; then
    record "$kubernetes_file" "$@"
  else
    sed -e '$d' "$out/kubernetes/version.error" >"$kubernetes_file.stderr.part"
    echo 'not asked again after kubernetes/version' >>"$kubernetes_file.stderr.part"
    failed "$kubernetes_file" "$(sed -n -e '$s/^exit: //p' "$out/kubernetes/version.error")"
  fi
}

if [ "$kubernetes" = yes ]; then
  mkdir "$out/kubernetes"
  kubernetes_read version kube version -o json
  [ ! -f "$out/kubernetes/version.error" ] || ! grep -E -i -q \
    'unable to connect|refused|no such host|i/o timeout|timed out|deadline exceeded|unreachable|no route to host' \
    "$out/kubernetes/version.error" || unreachable=yes
  kubernetes_read nodes kube get nodes -o json
  kubernetes_read aws-node kube -n kube-system get daemonsets.apps aws-node -o json
  kubernetes_read aws-node-pods kube -n kube-system get pods -l k8s-app=aws-node -o json
  kubernetes_read configmap-amazon-vpc-cni kube -n kube-system get configmaps amazon-vpc-cni -o json
  kubernetes_read daemonsets projected "$DAEMONSETS" get daemonsets.apps -A
  kubernetes_read deployments projected "$DEPLOYMENTS" get deployments.apps -A
  kubernetes_read configmaps projected "$CONFIGMAPS" get configmaps -A
  kubernetes_read customresourcedefinitions projected "$CRDS" get customresourcedefinitions.apiextensions.k8s.io
  kubernetes_read apiservices projected "$APISERVICES" get apiservices.apiregistration.k8s.io
  kubernetes_read namespaces projected "$NAMESPACES" get namespaces
  kubernetes_read pods projected "$PODS" get pods -A
  kubernetes_read services projected "$SERVICES" get services -A
  kubernetes_read endpointslices projected "$ENDPOINTSLICES" get endpointslices.discovery.k8s.io -A
  kubernetes_read configmap-kube-proxy-config projected "$KUBE_PROXY_CONFIG" -n kube-system get configmaps kube-proxy-config
  kubernetes_read serviceaccounts projected "$SERVICEACCOUNTS" get serviceaccounts -A
  kubernetes_read events projected "$EVENTS" get events -A
  kubernetes_read clusterrole-aws-node kube get clusterroles.rbac.authorization.k8s.io aws-node -o json
  # Full names: Calico, too, serves networkpolicies, and EKS Auto Mode cninodes of its own.
  kubernetes_read networkpolicies kube get networkpolicies.networking.k8s.io -A -o json
  kubernetes_read policyendpoints kube get policyendpoints.networking.k8s.aws -A -o json
  kubernetes_read clusternetworkpolicies kube get clusternetworkpolicies.networking.k8s.aws -o json
  kubernetes_read applicationnetworkpolicies kube get applicationnetworkpolicies.networking.k8s.aws -A -o json
  kubernetes_read clusterpolicyendpoints kube get clusterpolicyendpoints.networking.k8s.aws -o json
  kubernetes_read cninodes kube get cninodes.vpcresources.k8s.aws -o json
  kubernetes_read eniconfigs kube get eniconfigs.crd.k8s.amazonaws.com -o json
  kubernetes_read securitygrouppolicies kube get securitygrouppolicies.vpcresources.k8s.aws -A -o json
  kubernetes_read nodeclasses kube get nodeclasses.eks.amazonaws.com -o json
fi

# ---- AWS once more: what nodes and policies name
if [ -f "$out/aws/describe-instances.json" ]; then
  ids_in '[a-z][a-z0-9-]*\.[a-z0-9-]*' "$out/kubernetes/nodes.json" "$out/aws/describe-instances.json" \
    "$out"/aws/nodegroups/*.json | grep -E '\.(nano|micro|small|medium|large|[0-9]*xlarge|metal[a-z0-9-]*)$' \
    >"$out/aws/types.part"
  one_filter describe-instance-types InstanceTypes types instance-type 'instance types' \
    aws_call ec2 describe-instance-types
fi
# Groups that policies name belong to the list: where nobody knows the policies, nobody knows the list.
if [ -f "$out/aws/describe-cluster.json" ] && [ -f "$out/aws/describe-instances.json" ] && {
  [ -f "$out/kubernetes/securitygrouppolicies.json" ] ||
    { [ -f "$out/kubernetes/securitygrouppolicies.error" ] &&
      grep -q "doesn't have a resource type" "$out/kubernetes/securitygrouppolicies.error"; }
}; then
  ids_in 'sg-[0-9a-f]\{8,17\}' "$out/aws/describe-cluster.json" "$out/aws/describe-instances.json" \
    "$out/kubernetes/securitygrouppolicies.json" >"$out/aws/groups.part"
  one_filter describe-security-groups SecurityGroups groups group-id 'security groups' \
    aws_call ec2 describe-security-groups
fi

# probe POD NODE: the agent's readiness checks as text. An agent with a failed check answers 500, and kubectl puts that
# answer into its error message: it is an answer all the same, and kept as one.
probe() {
  probe_file=$out/probes/readyz/$2
  probe_code=0
  call "$probe_file" kube get --raw "/api/v1/namespaces/kube-system/pods/$1:8163/proxy/readyz?verbose" || probe_code=$?
  if grep -q '\[-\].*z check failed' "$probe_file.stderr.part"; then
    sed -n 's/.*on the server ("\(.*check failed\).*/\1/p' "$probe_file.stderr.part" | sed 's/\\n/\
/g' >"$probe_file.stdout.part"
    probe_code=0
  fi
  if [ "$probe_code" -eq 0 ]; then succeeded "$probe_file" txt; else failed "$probe_file" "$probe_code"; fi
}

if [ "$readyz" = yes ] && [ -f "$out/kubernetes/aws-node-pods.json" ]; then
  mkdir -p "$out/probes/readyz"
  call "$out/probes/readyz/pods" kube -n kube-system get pods -l k8s-app=aws-node \
    -o 'go-template={{range .items}}{{.metadata.name}} {{.spec.nodeName}}{{"\n"}}{{end}}'
  while read -r pod node; do
    if is_object_name "$pod" && is_object_name "$node"; then probe "$pod" "$node"; fi
  done <"$out/probes/readyz/pods.stdout.part"
fi

# The mark of a dump comes last: a gathering that was interrupted does not carry it.
printf '{"schemaVersion":1,"tool":"gather.sh","cluster":"%s","region":"%s","account":"%s","partition":"%s","gatheredAt":"%s"}\n' \
  "$cluster" "$region" "$account" "$partition" "$gathered_at" >"$out/gather.json.part"
mv "$out/gather.json.part" "$out/gather.json"
say "$cluster: $read_count read, $absent_count not there, $failed_count refused or failed, in $out"
[ "$read_count" -gt 0 ] || exit 2
