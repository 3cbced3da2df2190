//go:build !jsonschema

package cloud_test

import "testing"

// schemaOf judges nothing where the schema validator is not built in.
func schemaOf(testing.TB, string) func([]byte) error {
	return func([]byte) error { return nil }
}
