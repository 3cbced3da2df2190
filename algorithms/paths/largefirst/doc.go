// Package largefirst is the algorithm largefirst.
package largefirst
