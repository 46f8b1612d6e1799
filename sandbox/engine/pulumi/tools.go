//go:build tools

// Package engine pins the Pulumi engine, so that it can be built from the Go module where no release can be had.
package engine

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
