package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/cli/pkg/kvfile"
	"github.com/sirupsen/logrus"
)

// request is one call of "docker compose config".
type request struct {
	ID string `json:"id"`
	// Files are the -f flags, relative to Directory; empty: COMPOSE_FILE, then the default names.
	Files []string `json:"files"`
	// Directory is the absolute directory in which the command is called.
	Directory string `json:"directory"`
	// ProjectDirectory is the --project-directory flag.
	ProjectDirectory string `json:"project_directory"`
	// EnvFiles are the --env-file flags; empty: the .env of the project directory.
	EnvFiles []string `json:"env_files"`
	// Profiles are the --profile flags, "*" for all; empty: COMPOSE_PROFILES.
	Profiles []string `json:"profiles"`
	// Environment is the whole process environment of the call; PWD is set to Directory
	// when it is not given, as any shell does.
	Environment map[string]string `json:"environment"`
	// Name is the --project-name flag.
	Name string `json:"name"`
	// Stdin is what "-" among Files reads.
	Stdin string `json:"stdin"`
	// Prune drops networks, volumes, secrets, configs and models that no service uses, as
	// "docker compose config" does without --all-resources.
	Prune bool `json:"prune"`
}

// answer is what came of a request: a project, or the error that refuses it.
type answer struct {
	ID    string `json:"id"`
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
	// Project is compose-go's JSON form with sorted keys, and "x-resolved-environment".
	Project json.RawMessage `json:"project,omitempty"`
	// Extensions are the top-level x-* of the files.  compose-go's JSON form keeps none of
	// the deeper ones, so these are not part of Project either.
	Extensions map[string]any `json:"extensions,omitempty"`
	// Directory is the project directory, Files the absolute files that were loaded.
	Directory string   `json:"directory,omitempty"`
	Files     []string `json:"files,omitempty"`
	// Disabled names the services that no active profile selects.
	Disabled []string `json:"disabled,omitempty"`
	// Variables is the environment that interpolation saw: the request's and .env.
	Variables map[string]string `json:"variables,omitempty"`
	// Warnings are what compose-go logged, sorted, each once.
	Warnings []string `json:"warnings,omitempty"`
}

func init() {
	// "format: raw" of env_file is no part of compose-go: docker compose registers it, with
	// the parser of "docker run --env-file".
	dotenv.RegisterFormat("raw", func(r io.Reader, name string, vars map[string]string, lookup func(string) (string, bool)) error {
		lines, err := kvfile.ParseFromReader(r, lookup)
		if err != nil {
			return fmt.Errorf("failed to parse env_file %s: %w", name, err)
		}
		for _, line := range lines {
			key, value, _ := strings.Cut(line, "=")
			vars[key] = value
		}
		return nil
	})
}

// load answers one request; it never panics and never ends the process.
func load(asked request) (result answer) {
	result.ID = asked.ID
	warnings := collectWarnings()
	defer func() {
		slices.Sort(warnings.messages) // compose-go walks maps: their order is chance.
		result.Warnings = slices.Compact(warnings.messages)
		if fault := recover(); fault != nil {
			result.OK, result.Project = false, nil
			result.Error = fmt.Sprintf("panic: %v", fault)
		}
	}()
	leave, err := enter(asked)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	defer leave()

	project, err := loadProject(asked)
	if err == nil {
		result.Project, err = canonical(project)
	}
	if err != nil {
		result.Error = err.Error()
		return result
	}
	result.OK = true
	result.Extensions = project.Extensions
	result.Directory = project.WorkingDir
	result.Files = project.ComposeFiles
	result.Disabled = project.DisabledServiceNames()
	result.Variables = project.Environment
	return result
}

// enter makes the process what a shell makes it before it calls docker compose: working
// directory, environment and standard input.
func enter(asked request) (leave func(), err error) {
	if !filepath.IsAbs(asked.Directory) {
		return nil, fmt.Errorf("the request's directory %q is not absolute", asked.Directory)
	}
	if err := os.Chdir(asked.Directory); err != nil {
		return nil, err
	}
	stdin := os.Stdin
	content, err := os.CreateTemp("", "compose-oracle-stdin-")
	if err != nil {
		return nil, err
	}
	os.Remove(content.Name()) // The open file outlives its name.
	leave = func() {
		os.Stdin = stdin
		content.Close()
		os.Clearenv()
	}
	if _, err = content.WriteString(asked.Stdin); err == nil {
		_, err = content.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = setEnvironment(asked)
	}
	if err != nil {
		leave()
		return nil, err
	}
	os.Stdin = content
	return leave, nil
}

func setEnvironment(asked request) error {
	os.Clearenv()
	environment := map[string]string{"PWD": asked.Directory}
	for key, value := range asked.Environment {
		environment[key] = value
	}
	for key, value := range environment {
		if err := os.Setenv(key, value); err != nil {
			return fmt.Errorf("environment variable %q: %w", key, err)
		}
	}
	return nil
}

// loadProject is "docker compose config": the same options in the same order.
//
// Left out are the remote loaders (git and OCI references in include and extends, which
// are errors here) and what config does to its output only ($ doubled, env_file dropped).
func loadProject(asked request) (*types.Project, error) {
	options, err := cli.NewProjectOptions(asked.Files,
		cli.WithInterpolation(true),
		cli.WithResolvedPaths(true),
		cli.WithNormalization(true),
		cli.WithConsistency(true),
		cli.WithWorkingDirectory(asked.ProjectDirectory),
		// The environment wins over .env.
		cli.WithOsEnv,
		// .env beside the caller, which may name COMPOSE_FILE ...
		cli.WithEnvFiles(asked.EnvFiles...),
		cli.WithDotEnv,
		cli.WithConfigFileEnv,
		cli.WithDefaultConfigPath,
		// ... and .env of the project directory, now that the files are known.
		cli.WithEnvFiles(asked.EnvFiles...),
		cli.WithDotEnv,
		cli.WithDefaultProfiles(asked.Profiles...),
		cli.WithName(asked.Name),
	)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	if err := project.CheckContainerNameUnicity(); err != nil {
		return nil, err
	}
	if asked.Prune {
		project = project.WithoutUnnecessaryResources()
	}
	return project, nil
}

// canonical is the project's JSON with sorted keys at every depth, plus what compose-go's
// own JSON form leaves out: models, and each service's resolved environment.
func canonical(project *types.Project) (json.RawMessage, error) {
	text, err := project.MarshalJSON()
	if err != nil {
		return nil, err
	}
	// Through plain maps: structs print in the order of their fields, maps sorted.
	var model map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&model); err != nil {
		return nil, err
	}
	for name := range project.Extensions {
		delete(model, name)
	}
	if len(project.Models) > 0 {
		model["models"] = project.Models
	}
	resolved, err := project.WithServicesEnvironmentResolved(true)
	if err != nil {
		return nil, err
	}
	environments := map[string]types.MappingWithEquals{}
	for name, service := range resolved.Services {
		environments[name] = service.Environment
	}
	model["x-resolved-environment"] = environments

	var sorted bytes.Buffer
	encoder := json.NewEncoder(&sorted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(model); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(sorted.Bytes()), nil
}

// warningLog is a logrus hook that keeps messages instead of printing them.
type warningLog struct {
	messages []string
}

func (w *warningLog) Levels() []logrus.Level {
	return []logrus.Level{logrus.WarnLevel, logrus.ErrorLevel}
}

func (w *warningLog) Fire(entry *logrus.Entry) error {
	w.messages = append(w.messages, entry.Message)
	return nil
}

func collectWarnings() *warningLog {
	log := &warningLog{}
	logrus.SetOutput(io.Discard)
	logrus.StandardLogger().ReplaceHooks(logrus.LevelHooks{})
	logrus.AddHook(log)
	return log
}
