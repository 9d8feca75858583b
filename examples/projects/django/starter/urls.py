from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from .models import Note


def home(_):
    return HttpResponse(f"<h1>It works</h1><p>Notes: {Note.objects.count()}</p>")


@csrf_exempt
def notes(request):
    if request.method == "POST":
        Note.objects.create(text=request.body.decode())
        return HttpResponse(status=201)
    return JsonResponse(list(Note.objects.order_by("id").values_list("text", flat=True)), safe=False)


urlpatterns = [path("", home), path("notes", notes)]
