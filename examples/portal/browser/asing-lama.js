// What old scripts do to a page: prototypes extended so that every for-in sees it, and clicks and submissions taken over for the whole document.
Object.prototype.ekstend = function () {}
Array.prototype.each = function (visit) { for (var i = 0; i < this.length; i++) visit.call(this[i], i, this[i]) }
window.$ = window.jQuery = function () { return { each: function () {}, on: function () {} } }
document.addEventListener('submit', function (event) { event.preventDefault() }, true)
document.addEventListener('keydown', function (event) { if (event.target === document.body) event.preventDefault() })
document.addEventListener('change', function (event) { if (event.target && event.target.value === undefined) event.stopPropagation() })
