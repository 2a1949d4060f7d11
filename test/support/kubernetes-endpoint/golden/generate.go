package main

// Writes a PodList, a NodeList and a Status in protobuf and in JSON with the serializers of the API server itself.
// See README.md beside this file for how it is run.
import (
	"bytes"
	"fmt"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func ptr[T any](v T) *T { return &v }

var born = metav1.NewTime(time.Date(2026, 11, 3, 8, 30, 12, 0, time.UTC))
var later = metav1.NewTime(time.Date(2026, 11, 3, 8, 30, 41, 0, time.UTC))

func managed(manager, sub string, raw string) metav1.ManagedFieldsEntry {
	return metav1.ManagedFieldsEntry{Manager: manager, Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1", Time: &born,
		FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{Raw: []byte(raw)}, Subresource: sub}
}

const controllerFields = `{"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/restartedAt":{}},"f:generateName":{},"f:labels":{".":{},"f:app.kubernetes.io/instance":{},"f:app.kubernetes.io/name":{},"f:app.kubernetes.io/version":{},"f:pod-template-hash":{},"f:team":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"6f0b7f0e-6a51-4b0e-8a65-8f6a4f0d51aa\"}":{}}},"f:spec":{"f:affinity":{".":{},"f:podAntiAffinity":{".":{},"f:preferredDuringSchedulingIgnoredDuringExecution":{}}},"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"DATABASE_HOST\"}":{".":{},"f:name":{},"f:value":{}},"k:{\"name\":\"LOG_LEVEL\"}":{".":{},"f:name":{},"f:value":{}},"k:{\"name\":\"POD_NAME\"}":{".":{},"f:name":{},"f:valueFrom":{".":{},"f:fieldRef":{}}}},"f:image":{},"f:imagePullPolicy":{},"f:livenessProbe":{".":{},"f:failureThreshold":{},"f:httpGet":{".":{},"f:path":{},"f:port":{},"f:scheme":{}},"f:periodSeconds":{},"f:successThreshold":{},"f:timeoutSeconds":{}},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},"f:protocol":{}}},"f:readinessProbe":{".":{},"f:failureThreshold":{},"f:httpGet":{".":{},"f:path":{},"f:port":{},"f:scheme":{}},"f:periodSeconds":{},"f:successThreshold":{},"f:timeoutSeconds":{}},"f:resources":{".":{},"f:limits":{".":{},"f:memory":{}},"f:requests":{".":{},"f:cpu":{},"f:memory":{}}},"f:securityContext":{".":{},"f:allowPrivilegeEscalation":{},"f:readOnlyRootFilesystem":{}},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{},"f:volumeMounts":{".":{},"k:{\"mountPath\":\"/etc/app\"}":{".":{},"f:mountPath":{},"f:name":{}},"k:{\"mountPath\":\"/tmp\"}":{".":{},"f:mountPath":{},"f:name":{}}}}},"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{".":{},"f:fsGroup":{},"f:runAsNonRoot":{},"f:runAsUser":{}},"f:serviceAccount":{},"f:serviceAccountName":{},"f:terminationGracePeriodSeconds":{},"f:volumes":{".":{},"k:{\"name\":\"config\"}":{".":{},"f:configMap":{".":{},"f:defaultMode":{},"f:name":{}},"f:name":{}},"k:{\"name\":\"tmp\"}":{".":{},"f:emptyDir":{},"f:name":{}}}}}`
const kubeletFields = `{"f:status":{"f:conditions":{"k:{\"type\":\"ContainersReady\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Initialized\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"PodReadyToStartContainers\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Ready\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}}},"f:containerStatuses":{},"f:hostIP":{},"f:hostIPs":{},"f:phase":{},"f:podIP":{},"f:podIPs":{".":{},"k:{\"ip\":\"10.100.100.200\"}":{".":{},"f:ip":{}}},"f:startTime":{}}}`

func probe(path string) *corev1.Probe {
	return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromString("http"), Scheme: corev1.URISchemeHTTP}},
		TimeoutSeconds: 1, PeriodSeconds: 10, SuccessThreshold: 1, FailureThreshold: 3}
}

func container(name, image string, ports ...corev1.ContainerPort) corev1.Container {
	return corev1.Container{
		Name: name, Image: image, Ports: ports,
		Args: []string{"--config=/etc/app/config.yaml", "--listen=:8080"},
		Env: []corev1.EnvVar{
			{Name: "DATABASE_HOST", Value: "orders-primary.cluster-c1a2b3c4d5e6.us-west-2.rds.amazonaws.com"},
			{Name: "LOG_LEVEL", Value: "info"},
			{Name: "POD_NAME", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.name"}}},
			{Name: "AWS_REGION", Value: "us-west-2"},
			{Name: "AWS_ROLE_ARN", Value: "arn:aws:iam::111122223333:role/orders"},
			{Name: "AWS_WEB_IDENTITY_TOKEN_FILE", Value: "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"},
		},
		Resources: corev1.ResourceRequirements{
			Limits:   corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("512Mi")},
			Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("250m"), corev1.ResourceMemory: resource.MustParse("512Mi")},
		},
		VolumeMounts: []corev1.VolumeMount{
			{Name: "config", MountPath: "/etc/app"}, {Name: "tmp", MountPath: "/tmp"},
			{Name: "kube-api-access-7x2kq", ReadOnly: true, MountPath: "/var/run/secrets/kubernetes.io/serviceaccount"},
		},
		LivenessProbe: probe("/healthz"), ReadinessProbe: probe("/ready"),
		TerminationMessagePath: "/dev/termination-log", TerminationMessagePolicy: corev1.TerminationMessageReadFile, ImagePullPolicy: corev1.PullIfNotPresent,
		SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: ptr(false), ReadOnlyRootFilesystem: ptr(true),
			Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}},
	}
}

func status(name, image string) corev1.ContainerStatus {
	return corev1.ContainerStatus{Name: name, Ready: true, RestartCount: 0, Image: image, Started: ptr(true),
		ImageID:     image + "@sha256:9b3f1c0e3d2a5b4c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4",
		ContainerID: "containerd://3c1f9a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2",
		State:       corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: later}}}
}

func condition(t corev1.PodConditionType) corev1.PodCondition {
	return corev1.PodCondition{Type: t, Status: corev1.ConditionTrue, LastTransitionTime: later}
}

func pod(namespace, name, owner, ownerKind string, labels, annotations map[string]string, containers ...corev1.Container) corev1.Pod {
	p := corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace, UID: "00000000-0000-4000-8000-000000000000", ResourceVersion: "912345678",
			CreationTimestamp: born, Labels: labels, Annotations: annotations, GenerateName: owner + "-",
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: ownerKind, Name: owner, UID: "6f0b7f0e-6a51-4b0e-8a65-8f6a4f0d51aa", Controller: ptr(true), BlockOwnerDeletion: ptr(true)}},
			ManagedFields:   []metav1.ManagedFieldsEntry{managed("kube-controller-manager", "", controllerFields), managed("kubelet", "status", kubeletFields)}},
		Spec: corev1.PodSpec{
			Containers: containers, RestartPolicy: corev1.RestartPolicyAlways, TerminationGracePeriodSeconds: ptr(int64(30)), DNSPolicy: corev1.DNSClusterFirst,
			ServiceAccountName: "orders", DeprecatedServiceAccount: "orders", NodeName: "ip-10-200-100-100.us-west-2.compute.internal",
			SecurityContext: &corev1.PodSecurityContext{RunAsUser: ptr(int64(10001)), RunAsNonRoot: ptr(true), FSGroup: ptr(int64(10001)), SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}},
			Affinity: &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{{Weight: 100,
				PodAffinityTerm: corev1.PodAffinityTerm{TopologyKey: "topology.kubernetes.io/zone", LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app.kubernetes.io/name": "orders"}}}}}}},
			SchedulerName: "default-scheduler", Priority: ptr(int32(0)), EnableServiceLinks: ptr(true), PreemptionPolicy: ptr(corev1.PreemptLowerPriority),
			Tolerations: []corev1.Toleration{
				{Key: "node.kubernetes.io/not-ready", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: ptr(int64(300))},
				{Key: "node.kubernetes.io/unreachable", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: ptr(int64(300))}},
			Volumes: []corev1.Volume{
				{Name: "config", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "orders-config"}, DefaultMode: ptr(int32(420))}}},
				{Name: "tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
				{Name: "kube-api-access-7x2kq", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{DefaultMode: ptr(int32(420)), Sources: []corev1.VolumeProjection{
					{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{ExpirationSeconds: ptr(int64(3607)), Path: "token"}},
					{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"}, Items: []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}}}},
					{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{{Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.namespace"}}}}}}}}},
			},
		},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, HostIP: "10.200.100.100", HostIPs: []corev1.HostIP{{IP: "10.200.100.100"}}, PodIP: "10.100.100.200", PodIPs: []corev1.PodIP{{IP: "10.100.100.200"}},
			StartTime: &born, QOSClass: corev1.PodQOSBurstable,
			Conditions: []corev1.PodCondition{condition("PodReadyToStartContainers"), condition(corev1.PodInitialized), condition(corev1.PodReady), condition(corev1.ContainersReady), condition(corev1.PodScheduled)}},
	}
	for _, c := range containers {
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, status(c.Name, c.Image))
	}
	return p
}

func pods() *corev1.PodList {
	const ecr = "111122223333.dkr.ecr.us-west-2.amazonaws.com/"
	web := pod("shop", "orders-7d9c6f5b8d-x00000", "orders-7d9c6f5b8d", "ReplicaSet",
		map[string]string{"app.kubernetes.io/name": "orders", "app.kubernetes.io/instance": "orders", "app.kubernetes.io/version": "4.12.0", "pod-template-hash": "7d9c6f5b8d", "team": "checkout"},
		map[string]string{"kubectl.kubernetes.io/restartedAt": "2026-11-03T08:29:55Z", "checksum/config": "a1d4c7f0e3b6a9d2c5f8e1b4a7d0c3f6e9b2a5d8c1f4e7b0a3d6c9f2e5b8a1d4", "checksum/secret": "a1d4c7f0e3b6a9d2c5f8e1b4a7d0c3f6e9b2a5d8c1f4e7b0a3d6c9f2e5b8a1d4"},
		container("app", ecr+"orders:4.12.0", corev1.ContainerPort{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP}, corev1.ContainerPort{Name: "metrics", ContainerPort: 9090, Protocol: corev1.ProtocolTCP}))

	branch := pod("payments", "ledger-5c7b9d8f6c-x00000", "ledger-5c7b9d8f6c", "ReplicaSet",
		map[string]string{"app": "ledger", "pod-template-hash": "5c7b9d8f6c"},
		map[string]string{"vpc.amazonaws.com/pod-eni": `[{"eniId":"eni-0123456789abcdef0","ifAddress":"02:00:00:00:00:01","privateIp":"10.100.100.200","ipv6Addr":"","vlanId":1,"subnetCidr":"10.0.96.0/19","subnetV6Cidr":"","associationID":"trunk-assoc-0123456789abcdef0"}]`},
		container("app", ecr+"ledger:2.0.1", corev1.ContainerPort{ContainerPort: 8443, Protocol: corev1.ProtocolTCP}),
		container("envoy", "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.29.12.1-prod", corev1.ContainerPort{Name: "admin", ContainerPort: 15000, Protocol: corev1.ProtocolTCP}))
	branch.Spec.InitContainers = []corev1.Container{container("migrate", ecr+"ledger:2.0.1", corev1.ContainerPort{Name: "unused", ContainerPort: 1, Protocol: corev1.ProtocolTCP})}

	dual := pod("data", "cassandra-0", "cassandra", "StatefulSet",
		map[string]string{"app": "cassandra", "apps.kubernetes.io/pod-index": "0", "controller-revision-hash": "cassandra-6c9f7b8d5", "statefulset.kubernetes.io/pod-name": "cassandra-0"}, nil,
		container("cassandra", "public.ecr.aws/docker/library/cassandra:5.0.6", corev1.ContainerPort{Name: "cql", ContainerPort: 9042, Protocol: corev1.ProtocolTCP}, corev1.ContainerPort{Name: "gossip", ContainerPort: 7000, Protocol: corev1.ProtocolUDP}))
	dual.Status.PodIPs = []corev1.PodIP{{IP: "10.100.100.200"}, {IP: "2600:1f14:abc:de00::c8"}}

	host := pod("kube-system", "aws-node-x00000", "aws-node", "DaemonSet",
		map[string]string{"k8s-app": "aws-node", "controller-revision-hash": "68c4f7d9c5", "pod-template-generation": "3", "app.kubernetes.io/name": "aws-node", "app.kubernetes.io/instance": "aws-vpc-cni"}, nil,
		container("aws-node", "602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.21.1-eksbuild.1", corev1.ContainerPort{Name: "metrics", HostPort: 61678, ContainerPort: 61678, Protocol: corev1.ProtocolTCP}),
		container("aws-eks-nodeagent", "602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon/aws-network-policy-agent:v1.3.1-eksbuild.1", corev1.ContainerPort{Name: "agentmetrics", HostPort: 8162, ContainerPort: 8162, Protocol: corev1.ProtocolTCP}))
	host.Spec.HostNetwork = true

	pending := pod("batch", "nightly-report-29384010-x00000", "nightly-report-29384010", "Job",
		map[string]string{"batch.kubernetes.io/job-name": "nightly-report-29384010", "größe": "L"}, nil,
		container("report", ecr+"report:1.0"))
	pending.Spec.NodeName = ""
	pending.Status = corev1.PodStatus{Phase: corev1.PodPending, QOSClass: corev1.PodQOSBurstable}

	bare := corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "debug", Namespace: "default", UID: "00000000-0000-4000-8000-000000000000", CreationTimestamp: born,
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "example.com/v1", Kind: "Session", Name: "watched-by", UID: "6f0b7f0e-6a51-4b0e-8a65-8f6a4f0d51aa"}}},
		Spec:   corev1.PodSpec{Containers: []corev1.Container{{Name: "sh", Image: "busybox"}}, NodeName: "ip-10-200-100-100.us-west-2.compute.internal"},
		Status: corev1.PodStatus{Phase: corev1.PodSucceeded, HostIP: "10.200.100.100", PodIP: "10.100.100.200"}}
	return &corev1.PodList{ListMeta: metav1.ListMeta{ResourceVersion: "987654321", Continue: "eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ", RemainingItemCount: ptr(int64(149994))},
		Items: []corev1.Pod{web, branch, dual, host, pending, bare}}
}

func nodes() *corev1.NodeList {
	n := corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: "ip-10-200-100-100.us-west-2.compute.internal", UID: "00000000-0000-4000-8000-000000000000", ResourceVersion: "912345678", CreationTimestamp: born,
			Labels: map[string]string{"alpha.eksctl.io/cluster-name": "orders-prod", "alpha.eksctl.io/nodegroup-name": "general", "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/instance-type": "m6i.2xlarge", "beta.kubernetes.io/os": "linux",
				"eks.amazonaws.com/capacityType": "ON_DEMAND", "eks.amazonaws.com/nodegroup": "general", "eks.amazonaws.com/nodegroup-image": "ami-0123456789abcdef0", "failure-domain.beta.kubernetes.io/region": "us-west-2", "failure-domain.beta.kubernetes.io/zone": "us-west-2a",
				"k8s.io/cloud-provider-aws": "0123456789abcdef0123456789abcdef", "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": "ip-10-200-100-100.us-west-2.compute.internal", "kubernetes.io/os": "linux",
				"node.kubernetes.io/instance-type": "m6i.2xlarge", "topology.ebs.csi.aws.com/zone": "us-west-2a", "topology.k8s.aws/zone-id": "usw2-az1", "topology.kubernetes.io/region": "us-west-2", "topology.kubernetes.io/zone": "us-west-2a"},
			Annotations: map[string]string{"alpha.kubernetes.io/provided-node-ip": "10.200.100.100", "csi.volume.kubernetes.io/nodeid": `{"ebs.csi.aws.com":"i-0123456789abcdef0"}`, "node.alpha.kubernetes.io/ttl": "0",
				"volumes.kubernetes.io/controller-managed-attach-detach": "true", "kubectl.kubernetes.io/last-applied-configuration": `{"kind":"Node"}`},
			ManagedFields: []metav1.ManagedFieldsEntry{managed("kubelet", "status", kubeletFields), managed("aws-cloud-controller-manager", "", `{"f:metadata":{"f:labels":{"f:beta.kubernetes.io/instance-type":{}}},"f:spec":{"f:providerID":{}}}`)}},
		Spec: corev1.NodeSpec{ProviderID: "aws:///us-west-2a/i-0123456789abcdef0", Taints: []corev1.Taint{{Key: "dedicated", Value: "gpu", Effect: corev1.TaintEffectNoSchedule}, {Key: "node.kubernetes.io/unreachable", Effect: corev1.TaintEffectNoExecute, TimeAdded: &later}}},
		Status: corev1.NodeStatus{
			Capacity:    corev1.ResourceList{"cpu": resource.MustParse("8"), "memory": resource.MustParse("32386544Ki"), "pods": resource.MustParse("58"), "vpc.amazonaws.com/pod-eni": resource.MustParse("38"), "ephemeral-storage": resource.MustParse("83864556Ki"), "hugepages-1Gi": resource.MustParse("0"), "hugepages-2Mi": resource.MustParse("0")},
			Allocatable: corev1.ResourceList{"cpu": resource.MustParse("7910m"), "memory": resource.MustParse("31388144Ki"), "pods": resource.MustParse("58"), "vpc.amazonaws.com/pod-eni": resource.MustParse("38"), "ephemeral-storage": resource.MustParse("76224326324"), "hugepages-1Gi": resource.MustParse("0"), "hugepages-2Mi": resource.MustParse("0")},
			Conditions: []corev1.NodeCondition{
				{Type: corev1.NodeMemoryPressure, Status: corev1.ConditionFalse, LastHeartbeatTime: later, LastTransitionTime: born, Reason: "KubeletHasSufficientMemory", Message: "kubelet has sufficient memory available"},
				{Type: corev1.NodeDiskPressure, Status: corev1.ConditionFalse, LastHeartbeatTime: later, LastTransitionTime: born, Reason: "KubeletHasNoDiskPressure", Message: "kubelet has no disk pressure"},
				{Type: corev1.NodePIDPressure, Status: corev1.ConditionFalse, LastHeartbeatTime: later, LastTransitionTime: born, Reason: "KubeletHasSufficientPID", Message: "kubelet has sufficient PID available"},
				{Type: corev1.NodeReady, Status: corev1.ConditionTrue, LastHeartbeatTime: later, LastTransitionTime: born, Reason: "KubeletReady", Message: "kubelet is posting ready status"}},
			Addresses:       []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "10.200.100.100"}, {Type: corev1.NodeInternalDNS, Address: "ip-10-200-100-100.us-west-2.compute.internal"}, {Type: corev1.NodeHostName, Address: "ip-10-200-100-100.us-west-2.compute.internal"}},
			DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: 10250}},
			NodeInfo: corev1.NodeSystemInfo{MachineID: "ec2f0123456789abcdef0123456789ab", SystemUUID: "ec2f0123-4567-89ab-cdef-0123456789ab", BootID: "7f0e4f4e-1a51-4b0e-8a65-8f6a4f0d51aa", KernelVersion: "6.12.40-64.114.amzn2023.x86_64", OSImage: "Amazon Linux 2023.8.20250804",
				ContainerRuntimeVersion: "containerd://1.7.27", KubeletVersion: "v1.33.4-eks-99d6cc0", KubeProxyVersion: "v1.33.4-eks-99d6cc0", OperatingSystem: "linux", Architecture: "amd64"},
		},
	}
	for i := 0; i < 50; i++ {
		n.Status.Images = append(n.Status.Images, corev1.ContainerImage{Names: []string{
			fmt.Sprintf("111122223333.dkr.ecr.us-west-2.amazonaws.com/service-%02d@sha256:9b3f1c0e3d2a5b4c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c%03d", i, i),
			fmt.Sprintf("111122223333.dkr.ecr.us-west-2.amazonaws.com/service-%02d:1.%d.0", i, i)}, SizeBytes: int64(100000000 - i*1234567)})
	}
	bare := corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "joining", UID: "00000000-0000-4000-8000-000000000000", CreationTimestamp: born}}
	return &corev1.NodeList{ListMeta: metav1.ListMeta{ResourceVersion: "987654321"}, Items: []corev1.Node{n, bare}}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	scheme := runtime.NewScheme()
	must(corev1.AddToScheme(scheme))
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	scheme.AddUnversionedTypes(schema.GroupVersion{Version: "v1"}, &metav1.Status{})
	pb := protobuf.NewSerializer(scheme, scheme)
	js := kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, scheme, scheme, kjson.SerializerOptions{})
	gone := &metav1.Status{ListMeta: metav1.ListMeta{Continue: "eyJpbmNvbnNpc3RlbnQiOnRydWV9"}, Status: "Failure", Message: "The provided continue parameter is too old to display a consistent list result.", Reason: metav1.StatusReasonExpired, Code: 410,
		Details: &metav1.StatusDetails{Name: "x", Group: "g", Kind: "pods", RetryAfterSeconds: 3}}
	for name, object := range map[string]runtime.Object{"pod-list": pods(), "node-list": nodes(), "status-gone": gone} {
		object.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{Version: "v1", Kind: map[string]string{"pod-list": "PodList", "node-list": "NodeList", "status-gone": "Status"}[name]})
		var b bytes.Buffer
		must(pb.Encode(object, &b))
		must(os.WriteFile(name+".generated.pb", b.Bytes(), 0o644))
		b.Reset()
		must(js.Encode(object, &b))
		must(os.WriteFile(name+".generated.json", b.Bytes(), 0o644))
	}
}
