// cert-manager's controller, webhook and cainjector in one program, linked from upstream's packages: upstream's own mains
// are modules without tags. Their place in the module tree lets this one import packages that are internal to cert-manager.
//
// ACME and Vault are left out, which need a network: an issuer of theirs never becomes ready. The first argument
// says which of the three to be; flags that have no meaning here are accepted.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/go-logr/logr"
	"github.com/spf13/pflag"
	admission "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	crd "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/klog/v2"
	apireg "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metrics "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/cert-manager/cert-manager/internal/webhook"
	cmscheme "github.com/cert-manager/cert-manager/pkg/api"
	"github.com/cert-manager/cert-manager/pkg/controller"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/ingresses"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"
)

// As upstream's: the roles of dist name these Leases.
const (
	controllerLease = "cert-manager-controller"
	cainjectorLease = "cert-manager-cainjector-leader-election"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "fatal:", err)
		os.Exit(1)
	}
}

func flags(name string) *pflag.FlagSet {
	fs := pflag.NewFlagSet(name, pflag.ContinueOnError)
	fs.ParseErrorsAllowlist.UnknownFlags = true
	return fs
}

func runController(args []string) {
	ctx := ctrl.SetupSignalHandler()
	namespace := "kube-system"
	o := controller.ContextOptions{KubernetesAPIQPS: 50, KubernetesAPIBurst: 100}
	o.CopiedAnnotationPrefixes = []string{"*", "-kubectl.kubernetes.io/", "-fluxcd.io/", "-argocd.argoproj.io/"}
	o.CertificateRequestMinimumBackoffDuration, o.CertificateRequestMaximumBackoffDuration = time.Hour, 32*time.Hour
	o.DefaultIssuerKind, o.DefaultIssuerGroup = "Issuer", "cert-manager.io"
	fs := flags("controller")
	fs.StringVar(&o.ClusterResourceNamespace, "cluster-resource-namespace", "kube-system", "")
	fs.BoolVar(&o.EnableOwnerRef, "enable-certificate-owner-ref", false, "")
	fs.StringVar(&namespace, "leader-election-namespace", namespace, "")
	must(fs.Parse(args))
	serve(":9403", "/livez")
	factory, err := controller.NewContextFactory(ctx, o)
	must(err)
	root, err := factory.Build()
	must(err)
	listener, err := net.Listen("tcp", ":9402")
	must(err)
	root.Metrics.SetupCertificateCollector(root.SharedInformerFactory.Certmanager().V1().Certificates().Lister())
	go func() { must(root.Metrics.NewServer(listener).Serve(listener)) }()
	lead(ctx, root, namespace, func() {
		for name, build := range controller.Known() {
			c, err := build(factory)
			must(err)
			klog.Info("starting controller ", name)
			go func() { must(c.Run(5, ctx)) }()
		}
		root.SharedInformerFactory.Start(ctx.Done())
		root.KubeSharedInformerFactory.Start(ctx.Done())
		root.HTTP01ResourceMetadataInformersFactory.Start(ctx.Done())
	})
}

// Several controllers may run: one of them works, as upstream's do it.
func lead(ctx context.Context, root *controller.Context, namespace string, work func()) {
	name, err := os.Hostname()
	must(err)
	lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, controllerLease,
		root.Client.CoreV1(), root.Client.CoordinationV1(), resourcelock.ResourceLockConfig{Identity: name})
	must(err)
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: lock, ReleaseOnCancel: true, LeaseDuration: 15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 2 * time.Second,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { work() },
			OnStoppedLeading: func() { klog.Info("no longer the leader") },
		},
	})
}

func serve(address, path string) {
	mux := http.NewServeMux()
	mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	go func() { must(http.ListenAndServe(address, mux)) }()
}

func runWebhook(args []string) {
	cfg, err := options.NewWebhookConfiguration()
	must(err)
	fs := flags("webhook")
	options.AddConfigFlags(fs, cfg)
	must(fs.Parse(args))
	s, err := webhook.NewCertManagerWebhookServer(klog.Background(), *cfg)
	must(err)
	must(s.Run(logr.NewContext(ctrl.SetupSignalHandler(), klog.Background())))
}

func runCAInjector(args []string) {
	ctx := ctrl.SetupSignalHandler()
	ctrl.SetLogger(klog.Background())
	namespace := "kube-system"
	fs := flags("cainjector")
	fs.StringVar(&namespace, "leader-election-namespace", namespace, "")
	must(fs.Parse(args))
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{core.AddToScheme, admission.AddToScheme, crd.AddToScheme, apireg.AddToScheme, cmscheme.AddToScheme} {
		must(add(scheme))
	}
	rest := ctrl.GetConfigOrDie()
	rest.UserAgent = "cert-manager-cainjector"
	mgr, err := ctrl.NewManager(rest, ctrl.Options{Scheme: scheme, Metrics: metrics.Options{BindAddress: "0"},
		LeaderElection: true, LeaderElectionNamespace: namespace, LeaderElectionID: cainjectorLease, LeaderElectionReleaseOnCancel: true,
		Client: client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&core.Secret{}}}}})
	must(err)
	must(cainjector.RegisterAllInjectors(ctx, mgr, cainjector.SetupOptions{EnableCertificatesDataSource: true, EnabledReconcilersFor: map[string]bool{
		cainjector.MutatingWebhookConfigurationName: true, cainjector.ValidatingWebhookConfigurationName: true,
		cainjector.APIServiceName: true, cainjector.CustomResourceDefinitionName: true}}))
	must(mgr.Start(ctx))
}

func main() {
	run := map[string]func([]string){"controller": runController, "webhook": runWebhook, "cainjector": runCAInjector}
	if len(os.Args) < 2 || run[os.Args[1]] == nil {
		must(fmt.Errorf("usage: %s controller|webhook|cainjector [flags]", os.Args[0]))
	}
	run[os.Args[1]](os.Args[2:])
}
