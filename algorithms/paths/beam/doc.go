// Package beam is beam search: layer by layer, a bounded number of the most promising
// states of each; wider again where that found nothing.
//
//	rearrange solve --algorithm 'beam(width=100)' instance.json
package beam
