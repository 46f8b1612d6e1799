//go:build tools

// Package yaml pins the host of Pulumi YAML programs, which official releases of Pulumi bring along.
// It is a module of its own, since no version of it that can be had is built from the engine's Pulumi.
package yaml

import (
	_ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
)
