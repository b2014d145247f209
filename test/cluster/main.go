// Command cluster is every program of a small Kubernetes cluster in one binary, for the project's own tests.
// The base name it is called by (a link: kube-apiserver, etcd, ...) says which; or, under its own name, its first argument.
//
// Upstream's programs are called as their own main functions call them. Two commands are ours: "certificates" makes the
// cluster's keys (certificates.go), "kwok-objects" prints what kwok wants to find in the cluster.
package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	_ "time/tzdata"

	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
	"sigs.k8s.io/kwok/kustomize/crd"
	"sigs.k8s.io/kwok/kustomize/stage/node/fast"
	heartbeat "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	"sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	"sigs.k8s.io/kwok/pkg/log"
)

var programs = map[string]func(){
	"certificates":            runCertificates,
	"coredns":                 coremain.Run,
	"etcd":                    func() { etcdmain.Main(os.Args) },
	"kube-apiserver":          run(apiserver.NewAPIServerCommand),
	"kube-controller-manager": run(controllers.NewControllerManagerCommand),
	"kube-proxy":              run(proxy.NewProxyCommand),
	"kube-scheduler":          run(func() *cobra.Command { return scheduler.NewSchedulerCommand() }),
	"kubectl":                 runKubectl,
	"kubelet":                 run(func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) }),
	"kwok":                    runKwok,
	"kwok-objects":            printKwokObjects,
}

func main() {
	name := filepath.Base(os.Args[0])
	if programs[name] == nil && len(os.Args) > 1 {
		os.Args = os.Args[1:]
		name = os.Args[0]
	}
	program := programs[name]
	if program == nil {
		known := strings.Join(slices.Sorted(maps.Keys(programs)), ", ")
		fmt.Fprintf(os.Stderr, "cluster: no program %q; there are %s\n", name, known)
		os.Exit(2)
	}
	program()
}

func run(command func() *cobra.Command) func() {
	return func() { os.Exit(cli.Run(command())) }
}

// The programs share one process-wide flag set; these two would otherwise offer the servers' flags as their own.
func forgetFlags() { pflag.CommandLine = &pflag.FlagSet{} }

func runKubectl() {
	forgetFlags()
	util.CheckErr(cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()))
}

// What sigs.k8s.io/kwok/cmd/kwok does, which is no importable package.
func runKwok() {
	forgetFlags()
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	ctx, _ := log.InitFlags(context.Background(), flags)
	ctx, err := config.InitFlags(ctx, flags)
	util.CheckErr(err)
	command := kwok.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(flags)
	util.CheckErr(command.ExecuteContext(ctx))
}

// "kwok-objects crds" prints the definitions of the kinds kwok watches, "kwok-objects stages" upstream's stages by which
// its nodes become and stay Ready; those of pods are the project's own.
func printKwokObjects() {
	parts := map[string][][]byte{
		"crds":   {crd.Stage, crd.Logs, crd.ClusterLogs},
		"stages": {[]byte(fast.DefaultNodeInit), []byte(heartbeat.DefaultNodeHeartbeatWithLease)},
	}[strings.Join(os.Args[1:], " ")]
	if parts == nil {
		fmt.Fprintln(os.Stderr, "usage: kwok-objects crds|stages")
		os.Exit(2)
	}
	os.Stdout.Write(bytes.Join(parts, []byte("\n---\n")))
}
