package cloud

import (
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// pairs is a JSON object of strings that keeps its order.
type pairs []pair

type pair struct{ key, value string }

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (p *pairs) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*p = pairs{}
	return members(dec, reflect.TypeFor[pairs](), func(name string) error {
		var v string
		if err := json.UnmarshalDecode(dec, &v); err != nil {
			return err
		}
		*p = append(*p, pair{name, v})
		return nil
	})
}

// amounts is a JSON object of integers that keeps its order.
type amounts []amount

type amount struct {
	key   string
	value int64
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (a *amounts) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*a = amounts{}
	return members(dec, reflect.TypeFor[amounts](), func(name string) error {
		var v int64
		if err := json.UnmarshalDecode(dec, &v); err != nil {
			return err
		}
		*a = append(*a, amount{name, v})
		return nil
	})
}

// members reads an object; member reads the value of each name.
func members(dec *jsontext.Decoder, t reflect.Type, member func(name string) error) error {
	if k := dec.PeekKind(); k != '{' {
		return &json.SemanticError{JSONKind: k, GoType: t}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		tok, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if err := member(tok.String()); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}
