//go:build tools

// Package engines pins SeaweedFS, an S3 server that executes lifecycle rules, to compare our simulator with.
package engines

import (
	_ "github.com/seaweedfs/seaweedfs/weed"
)
