// Package scan reads files of whitespace-separated integers, as contests like them, with
// errors that name the line and say what was expected there.
package scan
