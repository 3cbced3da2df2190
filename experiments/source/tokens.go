package source

import (
	"crypto/sha256"
	"errors"
	"go/scanner"
	"go/token"
	"strings"
)

// hashTokens hashes what the compiler sees of a Go file: its tokens, and directives such as
// //go:build. A comma or semicolon before a closing bracket is left out, because whether
// there is one depends on where lines end.
func hashTokens(data []byte) ([sha256.Size]byte, error) {
	files := token.NewFileSet()
	var s scanner.Scanner
	s.Init(files.AddFile("", files.Base(), len(data)), data, nil, scanner.ScanComments)
	text := make([]byte, 0, len(data))
	separator := ""
	for {
		_, tok, lit := s.Scan()
		switch tok {
		case token.EOF:
			if s.ErrorCount > 0 {
				return [sha256.Size]byte{}, errors.New("not Go")
			}
			return sha256.Sum256(text), nil
		case token.COMMENT:
			if !strings.HasPrefix(lit, "//go:") {
				continue
			}
		case token.COMMA, token.SEMICOLON:
			separator += tok.String()
			continue
		case token.RPAREN, token.RBRACK, token.RBRACE:
			separator = ""
		}
		if !tok.IsLiteral() && tok != token.COMMENT {
			lit = tok.String()
		}
		// No token but a comment or a raw string holds a line end, and none holds a NUL.
		text = append(text, separator...)
		text = append(text, 0)
		text = append(text, lit...)
		separator = ""
	}
}
