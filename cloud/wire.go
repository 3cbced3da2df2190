package cloud

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// skimmed is an array whose elements have the form of T, and skimmedMap an object whose
// members do. Wire types only find faults of form, so that what was looked at is dropped:
// a document of many empty elements must not take many times its size.
type (
	skimmed[T any]    struct{}
	skimmedMap[T any] struct{}
)

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (skimmed[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() != '[' {
		return json.UnmarshalDecode(d, new([]T)) // says what was expected
	}
	return skim[T](d, ']')
}

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (skimmedMap[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() != '{' {
		return json.UnmarshalDecode(d, new(map[string]T))
	}
	return skim[T](d, '}')
}

func skim[T any](d *jsontext.Decoder, end jsontext.Kind) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for {
		switch d.PeekKind() {
		case end:
			_, err := d.ReadToken()
			return err
		case 0: // a fault of syntax, which reading finds
			if _, err := d.ReadToken(); err != nil {
				return err
			}
		}
		if end == '}' {
			if _, err := d.ReadToken(); err != nil {
				return err
			}
		}
		if err := json.UnmarshalDecode(d, new(T)); err != nil {
			return err
		}
	}
}
