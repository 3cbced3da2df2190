// Package bestfirst holds the algorithms that are best-first search with one
// evaluation or another: Dijkstra's algorithm and A*. The search itself is
// space.BestFirst.
package bestfirst
