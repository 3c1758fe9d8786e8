// Argo CD's application controller and repo server in one program, which decides by its name which of them it is, as
// upstream's does. Upstream's own main brings the API server, the command line and the notifications as well, and with
// them the libraries of three clouds: a third more to compile, for programs that no suite starts.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/klog/v2"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/util/log"
)

var commands = map[string]func() *cobra.Command{
	common.CommandApplicationController: controller.NewCommand,
	common.CommandRepoServer:            reposerver.NewCommand,
}

func main() {
	klog.SetLogger(log.NewLogrusLogger(log.NewWithCurrentConfig()))
	name := filepath.Base(os.Args[0])
	command, known := commands[name]
	if !known {
		fmt.Fprintln(os.Stderr, "fatal: no part of Argo CD is called", name)
		os.Exit(2)
	}
	if command().Execute() != nil {
		os.Exit(1)
	}
}
