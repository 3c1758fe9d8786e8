// A small entrance for HTTP: ends TLS with the certificates that Gateways and Ingresses name, and passes requests on to
// the Services that their routes name. Enough of the Gateway API and of Ingress to see that the objects of a site fit
// together; everything else of them is not looked at.
//
//	edge -gateway NAMESPACE/NAME -class INGRESSCLASS
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// What is read of the Gateway API; its own packages would bring much more to compile.
type reference struct {
	Name, Namespace string
	Port            int
}

func (r reference) in(namespace string) string {
	if r.Namespace != "" {
		namespace = r.Namespace
	}
	return namespace
}

type gateway struct {
	Spec struct {
		Listeners []struct {
			Hostname string
			TLS      struct{ CertificateRefs []reference }
		}
	}
}

type httpRoutes struct {
	Items []struct {
		Metadata struct{ Namespace string }
		Spec     struct {
			ParentRefs []reference
			Hostnames  []string
			Rules      []struct {
				Matches []struct {
					Path struct{ Value string }
				}
				BackendRefs []reference
			}
		}
	}
}

// Often enough for a test, and simpler than watches.
const interval = time.Second

type route struct {
	host, prefix, target string
}

// What is known at one time: it is replaced as a whole.
type table struct {
	certificates map[string]*tls.Certificate
	routes       []route
}

type edge struct {
	core    kubernetes.Interface
	gateway string
	class   string
	now     atomic.Pointer[table]
}

func (e *edge) read(ctx context.Context) (*table, error) {
	t := &table{certificates: map[string]*tls.Certificate{}}
	if err := e.readGateway(ctx, t); err != nil {
		return nil, err
	}
	if err := e.readIngresses(ctx, t); err != nil {
		return nil, err
	}
	// The longest prefix wins.
	sort.SliceStable(t.routes, func(a, b int) bool { return len(t.routes[a].prefix) > len(t.routes[b].prefix) })
	return t, nil
}

func (e *edge) readGateway(ctx context.Context, t *table) error {
	namespace, name, found := strings.Cut(e.gateway, "/")
	if !found {
		return nil
	}
	g := gateway{}
	if err := e.get(ctx, "namespaces/"+namespace+"/gateways/"+name, &g); err != nil {
		return err
	}
	for _, listener := range g.Spec.Listeners {
		for _, secret := range listener.TLS.CertificateRefs {
			if err := e.readCertificate(ctx, t, secret.in(namespace), secret.Name, listener.Hostname); err != nil {
				return err
			}
		}
	}
	routes := httpRoutes{}
	if err := e.get(ctx, "httproutes", &routes); err != nil {
		return err
	}
	for _, r := range routes.Items {
		attached := false
		for _, parent := range r.Spec.ParentRefs {
			attached = attached || parent.in(r.Metadata.Namespace)+"/"+parent.Name == e.gateway
		}
		for _, host := range r.Spec.Hostnames {
			for _, rule := range r.Spec.Rules {
				prefixes := []string{}
				for _, match := range rule.Matches {
					prefixes = append(prefixes, match.Path.Value)
				}
				if len(prefixes) == 0 {
					prefixes = []string{"/"}
				}
				for _, backend := range rule.BackendRefs {
					for _, prefix := range prefixes {
						if attached {
							t.routes = append(t.routes, route{host, prefix,
								fmt.Sprintf("%s.%s.svc:%d", backend.Name, backend.in(r.Metadata.Namespace), backend.Port)})
						}
					}
				}
			}
		}
	}
	return nil
}

func (e *edge) get(ctx context.Context, path string, into any) error {
	raw, err := e.core.CoreV1().RESTClient().Get().AbsPath("/apis/gateway.networking.k8s.io/v1/" + path).DoRaw(ctx)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func (e *edge) readIngresses(ctx context.Context, t *table) error {
	ingresses, err := e.core.NetworkingV1().Ingresses("").List(ctx, meta.ListOptions{})
	if err != nil {
		return err
	}
	for _, i := range ingresses.Items {
		if i.Spec.IngressClassName == nil || *i.Spec.IngressClassName != e.class {
			continue
		}
		for _, section := range i.Spec.TLS {
			for _, host := range section.Hosts {
				if err := e.readCertificate(ctx, t, i.Namespace, section.SecretName, host); err != nil {
					return err
				}
			}
		}
		for _, rule := range i.Spec.Rules {
			if rule.HTTP == nil {
				continue
			}
			for _, p := range rule.HTTP.Paths {
				if p.Backend.Service == nil {
					continue
				}
				t.routes = append(t.routes, route{rule.Host, p.Path,
					fmt.Sprintf("%s.%s.svc:%d", p.Backend.Service.Name, i.Namespace, p.Backend.Service.Port.Number)})
			}
		}
	}
	return nil
}

// A Secret that is not there yet leaves its host without a certificate, and the others as they are.
func (e *edge) readCertificate(ctx context.Context, t *table, namespace, name, host string) error {
	secret, err := e.core.CoreV1().Secrets(namespace).Get(ctx, name, meta.GetOptions{})
	if err != nil {
		log.Printf("%s: %v", host, err)
		return nil
	}
	pair, err := tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
	if err != nil {
		return fmt.Errorf("%s/%s: %w", namespace, name, err)
	}
	t.certificates[host] = &pair
	return nil
}

func (e *edge) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if found := e.now.Load().certificates[hello.ServerName]; found != nil {
		return found, nil
	}
	return nil, errors.New("no certificate for " + hello.ServerName)
}

func (e *edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, _ := strings.Cut(r.Host, ":")
	for _, route := range e.now.Load().routes {
		if route.host != host || !strings.HasPrefix(r.URL.Path, route.prefix) {
			continue
		}
		target := &url.URL{Scheme: "http", Host: route.target}
		proxy := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.SetXForwarded()
			p.Out.Host = r.Host
		}}
		proxy.ServeHTTP(w, r)
		return
	}
	http.NotFound(w, r)
}

func main() {
	e := &edge{}
	e.now.Store(&table{})
	flag.StringVar(&e.gateway, "gateway", "", "NAMESPACE/NAME of the Gateway")
	flag.StringVar(&e.class, "class", "", "class of the Ingresses")
	flag.Parse()
	config, err := rest.InClusterConfig()
	if err != nil {
		log.Fatal(err)
	}
	e.core = kubernetes.NewForConfigOrDie(config)
	go func() {
		for {
			if t, err := e.read(context.Background()); err != nil {
				log.Print(err)
			} else {
				e.now.Store(t)
			}
			time.Sleep(interval)
		}
	}()
	server := &http.Server{Addr: ":8443", Handler: e, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: e.certificate}}
	log.Fatal(server.ListenAndServeTLS("", ""))
}
