package tables

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// texText makes a text mean itself in LaTeX, in any encoding of fonts. A character that
// pdflatex does not know as it is installed shows its number, for an unknown one is an
// error.
func texText(s string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range prose.Clean(s) {
		switch command, special := texCommands[r]; {
		case special:
			b.WriteString(command)
		case (r == '-' && last == '-') || (r == '\'' && last == '\''):
			b.WriteString("{}" + string(r)) // no dash of two hyphens
		case r < 0x80 || strings.ContainsRune(texLetters, r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "{[}U+%04X{]}", r)
		}
		last = r
	}
	return b.String()
}

// texLetters are those beyond ASCII that LaTeX makes of what even its oldest fonts have.
const texLetters = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ" +
	"ĀāĂăĆćĈĉĊċČčĎďĒēĔĕĖėĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŴŵŶŷŸŹźŻżŽž"

// texCommands are characters that LaTeX would take for its own, or does not have.
var texCommands = map[rune]string{
	'\\': "\\textbackslash{}", '{': "\\{", '}': "\\}", '$': "\\$", '&': "\\&", '#': "\\#", '%': "\\%", '_': "\\_",
	'^': "\\textasciicircum{}", '~': "\\textasciitilde{}", '<': "\\textless{}", '>': "\\textgreater{}", '|': "\\textbar{}",
	'"': "\\symbol{34}", '`': "\\textasciigrave{}", '\u00a0': "~",
	'[': "{[}", ']': "{]}", '*': "{*}", // behind \\ they would be its arguments
	'–': "--", '—': "---", '…': "\\dots{}", '’': "'", '‘': "`", '“': "``", '”': "''", '−': "$-$",
	'≥': "$\\geq$", '≤': "$\\leq$", '≠': "$\\neq$", '≈': "$\\approx$", '×': "$\\times$", '±': "$\\pm$", '·': "$\\cdot$", '→': "$\\to$",
	'∞': "$\\infty$", '√': "$\\surd$", '°': "$^\\circ$", '²': "$^2$", '³': "$^3$", 'µ': "$\\mu$", 'μ': "$\\mu$", 'α': "$\\alpha$", 'τ': "$\\tau$",
	'χ': "$\\chi$", '§': "\\S{}", '\uFFFD': "{[}?{]}",
}

// texLabel keeps of a label what \ref can take.
func texLabel(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && !strings.ContainsRune("\\{}$&#%_^~,", r) && r > ' ' {
			return r
		}
		return '-'
	}, s)
}
