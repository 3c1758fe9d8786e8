// Upstream's kubectl, which runs one command after the other and not only one. Suites ask it some five thousand times, and its start,
// its reading of kinds and its connection cost three quarters of each.
//
//	kubectl-loop <commands >answers, one JSON object to a line each
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

// Cobra keeps the flags of every command for ever, and what hangs on them: a megabyte each. Nothing is lost when it begins anew, because
// nobody sends a command before the answer to the last.
const together = 100

type command struct {
	Args  []string `json:"args"`
	Input string   `json:"input"`
}

type answer struct {
	Status int    `json:"status"`
	Out    string `json:"out"`
	Err    string `json:"err"`
}

// Where kubectl would end its process.
type exit struct {
	message string
	status  int
}

// Warnings come while a command writes.
type text struct {
	lock  sync.Mutex
	bytes bytes.Buffer
}

func (t *text) Write(more []byte) (int, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.bytes.Write(more)
}

func main() {
	util.BehaviorOnFatal(func(message string, status int) { panic(exit{message, status}) })
	commands, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	var err error
	for count := 0; err == nil && count < together; count++ {
		var next command
		if err = commands.Decode(&next); errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			err = answers.Encode(run(next))
		}
	}
	if err == nil {
		err = syscall.Exec(os.Args[0], os.Args, os.Environ())
	}
	fmt.Fprintln(os.Stderr, "fatal:", err)
	os.Exit(1)
}

func run(given command) (gives answer) {
	input, end, err := os.Pipe()
	if err != nil {
		return answer{Status: 1, Err: err.Error()}
	}
	defer input.Close()
	go func() {
		defer end.Close()
		_, _ = io.WriteString(end, given.Input)
	}()
	// `--filename=-` takes no other.
	os.Stdin = input

	var out, said text
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case exit:
			gives.Status = reason.status
			if reason.message != "" {
				fmt.Fprintln(&said, strings.TrimSuffix(reason.message, "\n"))
			}
		default:
			panic(reason)
		}
		gives.Out, gives.Err = out.bytes.String(), said.bytes.String()
	}()
	streams := genericiooptions.IOStreams{In: input, Out: &out, ErrOut: &said}
	flags := genericclioptions.NewConfigFlags(true).WithDiscoveryBurst(300).WithDiscoveryQPS(50).WithWarningPrinter(streams)
	kubectl := cmd.NewKubectlCommand(cmd.KubectlOptions{ConfigFlags: flags, IOStreams: streams})
	kubectl.SetArgs(given.Args)
	util.CheckErr(cli.RunNoErrOutput(kubectl))
	return
}
