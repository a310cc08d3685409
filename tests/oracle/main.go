// Command compose-oracle prints what Docker Compose makes of Compose files.
//
// It is the definition that Mooring's own loader is held against: compose-go, with the
// options of "docker compose config" (see load.go), and nothing of ours in between.
//
// One load:   compose-oracle [-f FILE]... [--project-directory D] [--env-file F]...
//
//	[--profile P]... [--name N] [--default-files DIR] [--env K=V]...
//
// All relative paths start at DIR, which is the current directory unless it is given.
//
// Many loads: compose-oracle --batch, one request a line on standard input (type request),
// one answer a line on standard output (type answer), in the order of the requests.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	// What this process inherited must not decide anything: a load sees the variables of
	// its request, and none of those are set by then.
	os.Clearenv()

	if len(os.Args) == 2 && os.Args[1] == "--batch" {
		if err := batch(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "compose-oracle:", err)
			os.Exit(2)
		}
		return
	}
	request, err := parseArguments(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "compose-oracle:", err)
		os.Exit(2)
	}
	result := load(request)
	for _, warning := range result.Warnings {
		fmt.Fprintln(os.Stderr, "warning:", warning)
	}
	if !result.OK {
		fmt.Fprintln(os.Stderr, "error:", result.Error)
		os.Exit(1)
	}
	var text bytes.Buffer
	if err := json.Indent(&text, result.Project, "", "  "); err != nil {
		fmt.Fprintln(os.Stderr, "compose-oracle:", err)
		os.Exit(2)
	}
	text.WriteByte('\n')
	if _, err := text.WriteTo(os.Stdout); err != nil {
		os.Exit(2)
	}
}

// batch answers every request of input, also after some of them failed.
//
// The loads run one after another: each sets the working directory and the environment
// of the whole process, as a shell would before it calls docker compose.
func batch(input io.Reader, output io.Writer) error {
	lines := bufio.NewReaderSize(input, 1<<20)
	// Unbuffered: what was answered must be readable when a later load ends the process.
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			var asked request
			decoder := json.NewDecoder(bytes.NewReader(line))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&asked); err != nil {
				return fmt.Errorf("not a request: %w", err)
			}
			if err := encoder.Encode(load(asked)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// repeated is a flag that may be given several times.
type repeated []string

func (r *repeated) String() string { return strings.Join(*r, ",") }

func (r *repeated) Set(value string) error {
	*r = append(*r, value)
	return nil
}

func parseArguments(arguments []string) (request, error) {
	var asked request
	var variables repeated
	var defaultFiles string
	flags := flag.NewFlagSet("compose-oracle", flag.ContinueOnError)
	flags.Var((*repeated)(&asked.Files), "f", "Compose `file`, in load order (repeatable)")
	flags.Var((*repeated)(&asked.EnvFiles), "env-file", "environment `file` instead of .env (repeatable)")
	flags.Var((*repeated)(&asked.Profiles), "profile", "`profile` to activate, * for all (repeatable)")
	flags.Var(&variables, "env", "`K=V` of the environment that the load sees (repeatable)")
	flags.StringVar(&asked.ProjectDirectory, "project-directory", "", "project `directory`")
	flags.StringVar(&asked.Name, "name", "", "project `name`")
	flags.StringVar(&defaultFiles, "default-files", "", "call in `directory` instead of the current one")
	if err := flags.Parse(arguments); err != nil {
		return asked, err
	}
	if flags.NArg() > 0 {
		return asked, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	asked.Environment = map[string]string{}
	for _, variable := range variables {
		key, value, _ := strings.Cut(variable, "=")
		asked.Environment[key] = value
	}
	var err error
	asked.Directory, err = filepath.Abs(defaultFiles)
	return asked, err
}
