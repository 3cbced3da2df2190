// Package gentest draws instances for tests of formats: small ones in which every field
// of the model is used, with texts that are hard to write down. It is for tests only.
package gentest
